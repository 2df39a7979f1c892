using Microsoft.Data.Sqlite;

namespace Clipia.Emulator;

/// <summary>Reads what earlier processes stored. Used once, before the journal writes.</summary>
internal sealed class SavedState(SqliteConnection connection)
{
    public string? Setting(string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM settings WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as string;
    }

    public IReadOnlyList<Account> Accounts() =>
        [.. Rows("SELECT id, granted FROM accounts", row => new Account(row.GetString(0), row.GetInt64(1)))];

    public IReadOnlyList<ApiKey> Keys(IReadOnlyDictionary<string, Account> accounts) =>
    [
        .. Rows("SELECT id, account, name, test, prefix, hash, scopes, rpm, concurrency, created_at, revoked_at FROM keys", row => new ApiKey
        {
            Id = row.GetString(0),
            Account = accounts[row.GetString(1)],
            Name = row.GetString(2),
            IsTest = row.GetInt64(3) != 0,
            Prefix = row.GetString(4),
            Hash = row.GetString(5),
            Scopes = row.GetString(6).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            RequestsPerMinute = row.GetInt32(7),
            Concurrency = row.GetInt32(8),
            CreatedAt = Time(row.GetInt64(9)),
            RevokedAt = row.IsDBNull(10) ? null : Time(row.GetInt64(10)),
        }),
    ];

    public IReadOnlyList<Generation> Generations(IReadOnlyDictionary<string, ApiKey> keys) =>
    [
        .. Rows("""
            SELECT seq, id, key_id, model, input, webhook_url, cost, origin, idempotency_key, fingerprint,
                   created_at, starts_at, finishes_at, outcome, error_code, error_message, settled
            FROM generations ORDER BY seq
            """, row => new Generation
        {
            Sequence = row.GetInt64(0),
            Id = row.GetString(1),
            Key = keys[row.GetString(2)],
            Model = ModelCatalogue.Find(row.GetString(3))
                ?? throw new InvalidDataException($"The database holds a request for '{row.GetString(3)}', which this emulator does not know."),
            Input = row.GetString(4),
            WebhookUrl = Text(row, 5),
            Cost = row.GetInt32(6),
            Origin = row.GetString(7),
            IdempotencyKey = Text(row, 8),
            Fingerprint = Text(row, 9),
            CreatedAt = Time(row.GetInt64(10)),
            StartsAt = Time(row.GetInt64(11)),
            FinishesAt = Time(row.GetInt64(12)),
            Outcome = row.GetString(13),
            Error = Text(row, 14) is { } code ? new(code, Text(row, 15) ?? "") : null,
            Settled = row.GetInt64(16) != 0,
        }),
    ];

    /// <summary>Deliveries with their attempts, and when the next attempt is due.</summary>
    public IReadOnlyList<(Delivery Delivery, DateTimeOffset? NextAt)> Deliveries(IReadOnlyList<Generation> generations)
    {
        var deliveries = Rows("SELECT seq, id, generation, next_at FROM deliveries ORDER BY seq", row => (
            Delivery: new Delivery(row.GetInt64(0), row.GetString(1), generations[(int)row.GetInt64(2) - 1]),
            NextAt: row.IsDBNull(3) ? (DateTimeOffset?)null : Time(row.GetInt64(3)))).ToList();
        var bySequence = deliveries.ToDictionary(pair => pair.Delivery.Sequence, pair => pair.Delivery);
        foreach (var (delivery, attempt) in Rows("SELECT delivery, attempt, sent_at, status, error FROM attempts ORDER BY rowid", row => (
            row.GetInt64(0),
            new DeliveryAttempt(row.GetInt32(1), Time(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetInt32(3), Text(row, 4)))))
        {
            bySequence[delivery].Add(attempt);
        }
        return deliveries;
    }

    private IEnumerable<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return read(rows);
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
