namespace Clipia.Emulator;

/// <summary>
/// Remembers accepted submits by Idempotency-Key for 24 hours. A key is held while its submit is being answered and is
/// free again when the submit was refused.
/// </summary>
internal sealed class IdempotencyKeys(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<Scope, Entry> _entries = [];

    public static Scope ScopeOf(ApiKey key, string value) => new(key.Account.Id, key.IsTest, value);

    public Claim Take(Scope scope, string fingerprint)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(scope, out var entry) || IsExpired(entry))
            {
                _entries[scope] = new(fingerprint, null);
                return new(ClaimKind.New, null);
            }
            if (entry.Generation is null)
                return new(ClaimKind.InProgress, null);
            return entry.Fingerprint == fingerprint ? new(ClaimKind.Replay, entry.Generation) : new(ClaimKind.Reuse, null);
        }
    }

    public void Keep(Scope scope, Generation generation)
    {
        lock (_gate)
            _entries[scope] = new(generation.Fingerprint!, generation);
    }

    public void Release(Scope scope)
    {
        lock (_gate)
            _entries.Remove(scope);
    }

    private bool IsExpired(Entry entry) =>
        entry.Generation is { } generation && time.GetUtcNow() - generation.CreatedAt >= Lifetime;

    public readonly record struct Scope(string Account, bool Test, string Key);

    public readonly record struct Claim(ClaimKind Kind, Generation? Generation);

    private sealed record Entry(string Fingerprint, Generation? Generation);
}

internal enum ClaimKind { New, InProgress, Reuse, Replay }
