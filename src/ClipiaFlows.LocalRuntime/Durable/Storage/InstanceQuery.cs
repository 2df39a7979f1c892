using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Instances as the client asks for them, newest first.</summary>
/// <param name="session">What they are read from.</param>
/// <param name="converter">Reads their payloads later on; that of Microsoft.DurableTask by default.</param>
internal sealed class InstanceQuery(ReadSession session, DataConverter? converter = null)
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    public InstanceQuery WithId(string id) => With("i.id = {0}", id);

    public InstanceQuery CreatedFrom(DateTimeOffset? from) => from is null ? this : With("i.created_at >= {0}", from.Value.UtcTicks);

    public InstanceQuery CreatedTo(DateTimeOffset? to) => to is null ? this : With("i.created_at <= {0}", to.Value.UtcTicks);

    public InstanceQuery CompletedFrom(DateTimeOffset? from) =>
        from is null ? this : With("i.completed_at >= {0}", from.Value.UtcTicks);

    public InstanceQuery CompletedTo(DateTimeOffset? to) => to is null ? this : With("i.completed_at <= {0}", to.Value.UtcTicks);

    public InstanceQuery EndedOnly() => With("i.completed_at IS NOT NULL");

    public InstanceQuery Before(string? continuation)
    {
        if (string.IsNullOrEmpty(continuation)) return this;
        return long.TryParse(continuation, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? With("i.key < {0}", key)
            : throw new ArgumentException($"'{continuation}' is not a continuation token of this client.", nameof(continuation));
    }

    public InstanceQuery WithStatus(IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        var wanted = statuses?.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)).ToArray() ?? [];
        return wanted.Length == 0 ? this : With($"i.status IN ({string.Join(", ", wanted)})");
    }

    public InstanceQuery WithPrefix(string? prefix) => string.IsNullOrEmpty(prefix)
        ? this
        : With("substr(i.id, 1, length({0})) = {0}", prefix).With("i.id >= {0}", prefix);

    /// <summary>Keys and ids only, for purges and lists of ids.</summary>
    public List<InstanceHead> Heads(int limit)
    {
        var heads = new List<InstanceHead>();
        using var command = Command("i.key, i.id, i.status, i.generation", join: "", limit);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            heads.Add(new(
                row.GetInt64(0), row.GetString(1), (OrchestrationRuntimeStatus)row.GetInt32(2), row.GetInt64(3)));
        }

        return heads;
    }

    public List<(long Key, OrchestrationMetadata Instance)> Metadata(int limit, bool withPayloads)
    {
        var found = new List<(long Key, OrchestrationMetadata Instance)>();
        var payloads = withPayloads ? "p.input, p.output" : "NULL, NULL";
        using var command = Command(
            "i.key, i.name, i.id, i.status, i.created_at, i.updated_at, i.custom_status, p.failure, p.tags, " + payloads,
            "JOIN payloads p USING(key)",
            limit);
        using var row = command.ExecuteReader();
        while (row.Read()) found.Add((row.GetInt64(0), Read(row, withPayloads)));
        return found;
    }

    private OrchestrationMetadata Read(SqliteDataReader row, bool withPayloads)
    {
        var failure = row.Text(7) is { } failed ? Payload.ReadFailure(failed) : null;
        return new(row.GetString(1), row.GetString(2))
        {
            RuntimeStatus = (OrchestrationRuntimeStatus)row.GetInt32(3),
            CreatedAt = new(row.GetInt64(4), TimeSpan.Zero),
            LastUpdatedAt = new(row.GetInt64(5), TimeSpan.Zero),
            SerializedCustomStatus = withPayloads ? row.Text(6) : null,
            FailureDetails = failure,
            Tags = Payload.ReadTags(row.Text(8)),
            SerializedInput = row.Text(9),
            // Of a failed one the genuine client gives the bare message, which is no JSON.
            SerializedOutput = withPayloads ? row.Text(10) ?? failure?.ErrorMessage : null,
            DataConverter = withPayloads ? converter ?? JsonDataConverter.Default : null,
        };
    }

    private InstanceQuery With(string condition, params object[] values)
    {
        var names = values.Select((_, index) => (object)$"${_values.Count + index + 1}").ToArray();
        _conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, names));
        _values.AddRange(values);
        return this;
    }

    private SqliteCommand Command(string columns, string join, int limit)
    {
        var command = session.Connection.CreateCommand();
        var where = _conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", _conditions);
#pragma warning disable CA2100 // Put together from constants of this class and numbers; texts are parameters.
        command.CommandText = $"SELECT {columns} FROM instances i {join} {where} ORDER BY i.key DESC LIMIT {limit}";
#pragma warning restore CA2100
        for (var i = 0; i < _values.Count; i++) command.Parameters.AddWithValue($"${i + 1}", _values[i]);
        return command;
    }
}
