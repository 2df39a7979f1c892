using Microsoft.Data.Sqlite;

namespace Clipia.Emulator;

/// <summary>Every statement that changes the database. Used by the journal's thread only.</summary>
internal sealed class Tables(SqliteConnection connection) : IDisposable
{
    private readonly Statement _setting = new(connection, "INSERT OR REPLACE INTO settings VALUES ($1, $2)", 2);
    private readonly Statement _account = new(connection, "INSERT OR REPLACE INTO accounts VALUES ($1, $2)", 2);
    private readonly Statement _key = new(connection,
        "INSERT OR REPLACE INTO keys VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
    private readonly Statement _generation = new(connection,
        "INSERT INTO generations VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)", 17);
    private readonly Statement _settle = new(connection,
        "UPDATE generations SET settled = 1, outcome = $2, error_code = $3, error_message = $4, finishes_at = $5 WHERE seq = $1", 5);
    private readonly Statement _delivery = new(connection, "INSERT INTO deliveries VALUES ($1, $2, $3, $4)", 4);
    private readonly Statement _next = new(connection, "UPDATE deliveries SET next_at = $2 WHERE seq = $1", 2);
    private readonly Statement _attempt = new(connection, "INSERT INTO attempts VALUES ($1, $2, $3, $4, $5)", 5);

    public void Save(string setting, string value) => _setting.Run(setting, value);

    public void Save(Account account, long granted) => _account.Run(account.Id, granted);

    public void Save(ApiKey key) => _key.Run(
        key.Id, key.Account.Id, key.Name, key.IsTest ? 1 : 0, key.Prefix, key.Hash, string.Join(' ', key.Scopes),
        key.RequestsPerMinute, key.Concurrency, key.CreatedAt.UtcTicks, key.RevokedAt?.UtcTicks);

    public void Save(Generation generation, bool settled) => _generation.Run(
        generation.Sequence, generation.Id, generation.Key.Id, generation.Model.Slug, generation.Input,
        generation.WebhookUrl, generation.Cost, generation.Origin, generation.IdempotencyKey, generation.Fingerprint,
        generation.CreatedAt.UtcTicks, generation.StartsAt.UtcTicks, generation.FinishesAt.UtcTicks,
        generation.Outcome, generation.Error?.Code, generation.Error?.Message, settled ? 1 : 0);

    public void Settle(long sequence, string outcome, GenerationError? error, DateTimeOffset finishedAt) =>
        _settle.Run(sequence, outcome, error?.Code, error?.Message, finishedAt.UtcTicks);

    public void Save(Delivery delivery, DateTimeOffset? nextAt) =>
        _delivery.Run(delivery.Sequence, delivery.Id, delivery.Generation.Sequence, nextAt?.UtcTicks);

    public void Save(Delivery delivery, DeliveryAttempt attempt, DateTimeOffset? nextAt)
    {
        _attempt.Run(delivery.Sequence, attempt.Attempt, attempt.SentAt.UtcTicks, attempt.Status, attempt.Error);
        _next.Run(delivery.Sequence, nextAt?.UtcTicks);
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_setting, _account, _key, _generation, _settle, _delivery, _next, _attempt])
            statement.Dispose();
    }
}
