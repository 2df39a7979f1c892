using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>The tables, and the steps that bring an older file to today's.</summary>
internal static class Schema
{
    /// <summary>Step n brings a file of version n to version n + 1. Published steps never change; add one.</summary>
    private static readonly string[] Steps =
    [
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
    ];

    public static int Version => Steps.Length;

    /// <exception cref="DurableStoreException">The file was written by a newer version.</exception>
    public static void Bring(SqliteConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > Steps.Length)
        {
            throw new DurableStoreException(
                $"The state in '{path}' has format {version}, this program knows up to {Steps.Length}. "
                + "Use the newer program, or another data directory.");
        }

        for (; version < Steps.Length; version++)
        {
#pragma warning disable CA2100 // Constants of this class.
            command.CommandText = $"BEGIN IMMEDIATE; {Steps[version]} PRAGMA user_version = {version + 1}; COMMIT;";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
