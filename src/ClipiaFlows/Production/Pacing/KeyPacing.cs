using System.Security.Cryptography;
using System.Text;
using Clipia;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// The pace of the configured API key, shared by all batches and all instances of the app through one row. Every method may
/// be repeated: a turn taken twice is a turn unused, and slots are stated, not counted.
/// </summary>
public sealed class KeyPacing(
    Tables tables, IOptions<PacingOptions> options, IOptions<ClipiaClientOptions> clipia, TimeProvider time) : IDisposable
{
    private readonly string _fingerprint =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clipia.Value.ApiKey)))[..16];

    // Callers within one process wait here instead of losing against each other's ETags.
    private readonly SemaphoreSlim _turnstile = new(1, 1);

    /// <summary>
    /// States how many slots upstream a batch uses and asks for <paramref name="wanted"/> more.
    /// </summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="used">Slots that it uses.</param>
    /// <param name="wanted">Slots that it could use besides.</param>
    /// <param name="weight">How much it counts among other batches, above 0; 1 is usual.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>The slots granted.</returns>
    public Task<KeySlots> HoldAsync(string batch, int used, int wanted, double weight, CancellationToken cancellation) =>
        ChangeAsync(
            (pace, now) =>
            {
                (pace, var granted) = pace.Hold(batch, used, wanted, weight, now);
                var turns = new DateTimeOffset[granted];
                for (var i = 0; i < granted; i++)
                    (pace, turns[i]) = pace.TakeTurn(now);
                return (pace, new KeySlots(turns, pace.Shares.Keys.Any(holder => holder != batch), pace.MayClaim(batch, now)));
            },
            cancellation);

    /// <summary>Takes a turn for a request that is to be sent now.</summary>
    /// <returns><c>null</c> when it may be sent; otherwise when to ask again, and nothing is taken.</returns>
    public Task<DateTimeOffset?> TakeTurnAsync(CancellationToken cancellation) =>
        ChangeAsync<DateTimeOffset?>(
            (pace, now) => pace.TurnAt(now) > now ? (pace, pace.TurnAt(now)) : (pace.TakeTurn(now).Pace, null),
            cancellation);

    /// <summary>Learns from a 429: with requests remaining it was for lack of a slot (clipia-api.md section 10).</summary>
    public Task RefusedAsync(ClipiaException refusal, CancellationToken cancellation) =>
        ChangeAsync(
            (pace, now) => refusal.RateLimit?.Remaining > 0
                ? (pace.WithSlotRefused(now), true)
                : (pace.WithRequestsRefused(now + (refusal.RetryAfter ?? TimeSpan.FromSeconds(5))), true),
            cancellation);

    /// <summary>Learns the key's request rate from an answer; writes only when it is news.</summary>
    public async Task LearnAsync(RateLimit? told, CancellationToken cancellation)
    {
        if (told?.Limit is { } limit and > 0 && limit != _knownLimit)
            await ChangeAsync((pace, _) => (pace.WithRequestsPerMinute(limit), true), cancellation);
    }

    /// <summary>What the key allows, as far as it is known. Takes nothing.</summary>
    public Task<(int Concurrency, int RequestsPerMinute)> LimitsAsync(CancellationToken cancellation) =>
        ChangeAsync((pace, _) => (pace, (pace.Concurrency, pace.RequestsPerMinute)), cancellation);

    /// <summary>The batches that hold slots, and how many each. Reads the row as it is stored, and takes nothing.</summary>
    public async Task<IReadOnlyDictionary<string, int>> HoldersAsync(CancellationToken cancellation)
    {
        var row = await tables.Keys.FindAsync<KeyPaceRow>(KeyPaceRow.Partition, _fingerprint, cancellation) ?? new KeyPaceRow();
        return row.Read(options.Value).Shares
            .Where(share => share.Value.Held > 0)
            .ToDictionary(share => share.Key, share => share.Value.Held, StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public void Dispose() => _turnstile.Dispose();

    private int _knownLimit = options.Value.RequestsPerMinute;

    // As this process last wrote or read it. A change is written under its ETag, so what is out of date is found out.
    private KeyPaceRow? _known;

    // Who finds its own mark in the row knows that its write was done, although storage said that the condition did not hold:
    // the answer was lost, and the client library had sent the write again.
    private readonly string _process = Guid.NewGuid().ToString("N")[..12];
    private int _writes;

    private async Task<T> ChangeAsync<T>(Func<KeyPace, DateTimeOffset, (KeyPace Pace, T Answer)> change, CancellationToken cancellation)
    {
        await _turnstile.WaitAsync(cancellation);
        try
        {
            var (mark, answer) = ("", default(T)!);
            while (true)
            {
                var row = _known ??= await tables.Keys.FindAsync<KeyPaceRow>(KeyPaceRow.Partition, _fingerprint, cancellation)
                    ?? new KeyPaceRow { PartitionKey = KeyPaceRow.Partition, RowKey = _fingerprint };
                if (row.WrittenBy == mark)
                    return answer;
                var before = row.Read(options.Value);
                (var after, answer) = change(before, time.GetUtcNow());
                _knownLimit = after.RequestsPerMinute;
                if (after == before)
                    return answer;

                row.Write(after, options.Value);
                row.WrittenBy = mark = $"{_process}-{++_writes}";
                var changes = new RowChanges();
                if (row.ETag == default)
                    changes.Add(row);
                else
                    changes.Replace(row);
                _known = null;
                if (await tables.Keys.CommitAsync(changes, cancellation))
                {
                    _known = row;
                    return answer;
                }
            }
        }
        finally
        {
            _turnstile.Release();
        }
    }
}
