using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Reads what is committed. Used by one thread at a time.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    private readonly Statement _instance = new(
        connection,
        """
        SELECT i.id, i.name, i.version, i.status, i.start_state, i.generation, i.history_length, i.parent_key,
            i.parent_generation, i.parent_task, i.parent_id, i.parent_name, p.input
        FROM instances i JOIN payloads p USING(key) WHERE i.key = $1
        """,
        1);
    private readonly Statement _history = new(
        connection, "SELECT kind, task_id, name, payload, stamp FROM history WHERE key = $1 ORDER BY n", 1);

    public SqliteConnection Connection => connection;

    public InstanceRow? Instance(long key)
    {
        using var row = _instance.Read(key);
        if (!row.Read()) return null;

        var parent = row.IsDBNull(7)
            ? null
            : new ParentLink(row.GetInt64(7), row.GetInt64(8), row.GetInt32(9), row.GetString(10), row.GetString(11));
        return new(
            key, row.GetString(0), row.GetString(1), row.GetString(2), (OrchestrationRuntimeStatus)row.GetInt32(3),
            (StartState)row.GetInt32(4), row.GetInt64(5), row.GetInt32(6), parent, row.Text(12));
    }

    public List<HistoryEvent> History(long key)
    {
        var history = new List<HistoryEvent>();
        using var row = _history.Read(key);
        while (row.Read())
            history.Add(new((EventKind)row.GetInt32(0), row.GetInt32(1), row.Text(2), row.Text(3), row.GetInt64(4)));
        return history;
    }

    /// <summary>Everything that was under way when the last process ended.</summary>
    public Effects Unfinished()
    {
        var effects = new Effects();
        Each(
            "SELECT key, generation FROM instances WHERE start_state = 0 ORDER BY key",
            row => effects.Messages.Add(new(row.GetInt64(0), row.GetInt64(1), new(EventKind.ExecutionStarted))));
        Each(
            "SELECT key, generation, kind, task_id, name, payload, seq FROM inbox ORDER BY key, seq",
            row => effects.Messages.Add(new(
                row.GetInt64(0),
                row.GetInt64(1),
                new((EventKind)row.GetInt32(2), row.GetInt32(3), row.Text(4), row.Text(5), row.GetInt64(6)))));
        Each(
            "SELECT a.key, i.generation, i.id, a.name, a.task_id, a.input FROM activities a JOIN instances i USING(key)",
            row => effects.Activities.Add(new(
                row.GetInt64(0), row.GetInt64(1), new(row.GetString(2), row.GetString(3), row.GetInt32(4), row.Text(5)))));
        Each(
            "SELECT t.fire_at, t.key, t.task_id, i.generation FROM timers t JOIN instances i USING(key)",
            row => effects.Timers.Add(new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3))));
        return effects;
    }

    public void Dispose()
    {
        _instance.Dispose();
        _history.Dispose();
        connection.Dispose();
    }

    private void Each(string sql, Action<SqliteDataReader> take)
    {
        using var statement = new Statement(connection, sql, 0);
        using var row = statement.Read();
        while (row.Read()) take(row);
    }
}
