using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>The single rows that can be written, inside the transaction of the writer's thread.</summary>
internal sealed class WriteSession(SqliteConnection connection, TimeProvider time) : IDisposable
{
    private readonly Statement _find = new(connection, "SELECT key, status, generation FROM instances WHERE id = $1", 1);
    private readonly Statement _findByKey = new(connection, "SELECT id, status, generation FROM instances WHERE key = $1", 1);
    private readonly Statement _insertInstance = new(
        connection,
        """
        INSERT INTO instances(id, name, version, status, start_state, generation, history_length, parent_key,
            parent_generation, parent_task, parent_id, parent_name, created_at, updated_at)
        VALUES($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, $9, $10, $11, $11) RETURNING key
        """,
        11);
    private readonly Statement _insertPayload = new(connection, "INSERT INTO payloads(key, input, tags) VALUES($1, $2, $3)", 3);
    private readonly Statement _updateTurn = new(
        connection,
        "UPDATE instances SET status = $2, start_state = 1, history_length = $3, updated_at = $4 WHERE key = $1",
        4);
    private readonly Statement _updateEnd = new(
        connection,
        """
        UPDATE instances SET status = $2, start_state = 1, history_length = $3, updated_at = $4, completed_at = $4
        WHERE key = $1
        """,
        4);
    private readonly Statement _updateNext = new(
        connection,
        """
        UPDATE instances SET status = $2, start_state = 0, history_length = 0, generation = $3, version = $4, updated_at = $5
        WHERE key = $1
        """,
        5);
    private readonly Statement _setStatus = new(connection, "UPDATE instances SET custom_status = $2 WHERE key = $1", 2);
    private readonly Statement _setOutput = new(connection, "UPDATE payloads SET output = $2, failure = $3 WHERE key = $1", 3);
    private readonly Statement _setInput = new(connection, "UPDATE payloads SET input = $2 WHERE key = $1", 2);
    private readonly Statement _insertHistory = new(connection, "INSERT INTO history VALUES($1, $2, $3, $4, $5, $6, $7)", 7);
    private readonly Statement _deleteHistory = new(connection, "DELETE FROM history WHERE key = $1", 1);
    private readonly Statement _insertInbox = new(connection, "INSERT INTO inbox VALUES($1, $2, $3, $4, $5, $6, $7)", 7);
    private readonly Statement _deleteInbox = new(connection, "DELETE FROM inbox WHERE key = $1 AND seq = $2", 2);
    private readonly Statement _clearInbox = new(connection, "DELETE FROM inbox WHERE key = $1", 1);
    private readonly Statement _insertActivity = new(connection, "INSERT INTO activities VALUES($1, $2, $3, $4)", 4);
    private readonly Statement _deleteActivity = new(connection, "DELETE FROM activities WHERE key = $1 AND task_id = $2", 2);
    private readonly Statement _clearActivities = new(connection, "DELETE FROM activities WHERE key = $1", 1);
    private readonly Statement _insertTimer = new(connection, "INSERT INTO timers VALUES($1, $2, $3)", 3);
    private readonly Statement _deleteTimer = new(
        connection, "DELETE FROM timers WHERE key = $1 AND task_id = $2 RETURNING fire_at", 2);
    private readonly Statement _clearTimers = new(connection, "DELETE FROM timers WHERE key = $1 RETURNING task_id, fire_at", 1);
    private readonly Statement _children = new(
        connection, "SELECT key FROM instances WHERE parent_key = $1 AND completed_at IS NULL", 1);
    private readonly Statement _allChildren = new(connection, "SELECT key FROM instances WHERE parent_key = $1", 1);
    private readonly Statement _deleteInstance = new(connection, "DELETE FROM instances WHERE key = $1", 1);
    private readonly Statement _deletePayload = new(connection, "DELETE FROM payloads WHERE key = $1", 1);
    private readonly Statement _lastPlace = new(connection, "SELECT max(seq) FROM inbox", 0);
    private long _place;

    public SqliteConnection Connection => connection;

    public long Now => time.GetUtcNow().UtcTicks;

    public InstanceHead? Find(string id)
    {
        using var row = _find.Read(id);
        return row.Read() ? new(row.GetInt64(0), id, (OrchestrationRuntimeStatus)row.GetInt32(1), row.GetInt64(2)) : null;
    }

    public InstanceHead? Find(long key)
    {
        using var row = _findByKey.Read(key);
        return row.Read()
            ? new(key, row.GetString(0), (OrchestrationRuntimeStatus)row.GetInt32(1), row.GetInt64(2))
            : null;
    }

    public long Insert(NewInstance instance, StartState state)
    {
        var parent = instance.Parent;
        var key = _insertInstance.Number(
            instance.Id, instance.Name, instance.Version, (long)OrchestrationRuntimeStatus.Pending, (long)state, parent?.Key,
            parent?.Generation, parent?.TaskId, parent?.InstanceId, parent?.Name, Now)!.Value;
        _insertPayload.Run(key, instance.Input, instance.Tags);
        return key;
    }

    public void UpdateTurn(long key, OrchestrationRuntimeStatus status, long historyLength, long now) =>
        _updateTurn.Run(key, (long)status, historyLength, now);

    public void UpdateEnd(
        long key, OrchestrationRuntimeStatus status, long historyLength, string? output, string? failure, long now)
    {
        _updateEnd.Run(key, (long)status, historyLength, now);
        _setOutput.Run(key, output, failure);
    }

    public void UpdateNextExecution(long key, long generation, string version, string? input, long now)
    {
        _updateNext.Run(key, (long)OrchestrationRuntimeStatus.Running, generation, version, now);
        _setInput.Run(key, input);
        _deleteHistory.Run(key);
    }

    public void SetCustomStatus(long key, string? status) => _setStatus.Run(key, status);

    public void AppendHistory(long key, long n, HistoryEvent happened) => _insertHistory.Run(
        key, n, (long)happened.Kind, (long)happened.TaskId, happened.Name, happened.Payload, happened.Stamp);

    /// <summary>Puts a message at the end of the inbox.</summary>
    public Message AddToInbox(long key, long generation, HistoryEvent happened)
    {
        // Places follow the clock, so that they also grow over restarts after the inbox was empty.
        if (_place == 0) _place = _lastPlace.Number() ?? 1;
        _place = Math.Max(_place + 1, Now);
        var message = new Message(key, generation, happened with { Stamp = _place });
        PutInInbox(message);
        return message;
    }

    /// <summary>Puts a message where its stamp says.</summary>
    public void PutInInbox(Message message)
    {
        var happened = message.Event;
        _insertInbox.Run(
            message.Key, happened.Stamp, (long)happened.Kind, (long)happened.TaskId, happened.Name, happened.Payload,
            message.Generation);
    }

    public void RemoveFromInbox(long key, long place) => _deleteInbox.Run(key, place);

    public void AddActivity(long key, CallActivity call) => _insertActivity.Run(key, (long)call.TaskId, call.Name, call.Input);

    public void RemoveActivity(long key, int taskId) => _deleteActivity.Run(key, (long)taskId);

    public void AddTimer(long key, int taskId, long fireAt) => _insertTimer.Run(key, (long)taskId, fireAt);

    /// <returns>Ticks (UTC) of when it would have fired; null when there is none.</returns>
    public long? RemoveTimer(long key, int taskId) => _deleteTimer.Number(key, (long)taskId);

    /// <summary>Drops what an execution that ends has left behind.</summary>
    /// <returns>The timers among it.</returns>
    public List<PendingTimer> Clear(long key, long generation)
    {
        _clearInbox.Run(key);
        _clearActivities.Run(key);
        var timers = new List<PendingTimer>();
        using var row = _clearTimers.Read(key);
        while (row.Read()) timers.Add(new(row.GetInt64(1), key, row.GetInt32(0), generation));
        return timers;
    }

    public void Delete(long key)
    {
        _deleteHistory.Run(key);
        _deletePayload.Run(key);
        _deleteInstance.Run(key);
    }

    /// <summary>Sub-orchestrations of the instance.</summary>
    public List<long> Children(long key, bool onlyActive)
    {
        var keys = new List<long>();
        using var row = (onlyActive ? _children : _allChildren).Read(key);
        while (row.Read()) keys.Add(row.GetInt64(0));
        return keys;
    }

    public void Dispose()
    {
        Statement[] statements =
        [
            _find, _findByKey, _insertInstance, _insertPayload, _updateTurn, _updateEnd, _updateNext, _setStatus, _setOutput,
            _setInput, _insertHistory, _deleteHistory, _insertInbox, _deleteInbox, _clearInbox, _insertActivity,
            _deleteActivity, _clearActivities, _insertTimer, _deleteTimer, _clearTimers, _children, _allChildren,
            _deleteInstance, _deletePayload, _lastPlace,
        ];
        foreach (var statement in statements) statement.Dispose();
    }
}
