namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Brings a file of one version to the next.</summary>
/// <param name="Sql">Statements, run in one transaction with the new version's number.</param>
/// <param name="Checksum">Of the whole schema after it, as <see cref="Schema.ChecksumOf"/> computes it.</param>
internal sealed record SchemaStep(string Sql, string Checksum);

/// <summary>Every step since the first version. A published step never changes; add one.</summary>
internal static class SchemaSteps
{
    public static readonly IReadOnlyList<SchemaStep> All =
    [
        new(
            """
            -- One row per start of an instance id; the key is never used again, so late messages find nobody.
            CREATE TABLE instances(
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                version TEXT NOT NULL,
                status INTEGER NOT NULL,
                start_state INTEGER NOT NULL,
                generation INTEGER NOT NULL,
                history_length INTEGER NOT NULL,
                parent_key INTEGER,
                parent_generation INTEGER,
                parent_task INTEGER,
                parent_id TEXT,
                parent_name TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                completed_at INTEGER,
                custom_status TEXT);
            CREATE INDEX instances_ready ON instances(key) WHERE start_state = 0;
            CREATE INDEX instances_children ON instances(parent_key) WHERE parent_key IS NOT NULL;

            -- Apart from the row above, which every turn rewrites.
            CREATE TABLE payloads(key INTEGER PRIMARY KEY, input TEXT, output TEXT, failure TEXT, tags TEXT);

            CREATE TABLE history(
                key INTEGER NOT NULL,
                n INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                task_id INTEGER NOT NULL,
                name TEXT,
                payload TEXT,
                stamp INTEGER NOT NULL,
                PRIMARY KEY(key, n)) WITHOUT ROWID;

            CREATE TABLE inbox(
                key INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                task_id INTEGER NOT NULL,
                name TEXT,
                payload TEXT,
                generation INTEGER NOT NULL,
                PRIMARY KEY(key, seq)) WITHOUT ROWID;

            CREATE TABLE activities(
                key INTEGER NOT NULL,
                task_id INTEGER NOT NULL,
                name TEXT NOT NULL,
                input TEXT,
                PRIMARY KEY(key, task_id)) WITHOUT ROWID;

            CREATE TABLE timers(
                key INTEGER NOT NULL,
                task_id INTEGER NOT NULL,
                fire_at INTEGER NOT NULL,
                PRIMARY KEY(key, task_id)) WITHOUT ROWID;
            """,
            "935fe73626b6527a49302e492ec7acd02b597923bf50eb5828f54e6cf34fa863"),
    ];
}
