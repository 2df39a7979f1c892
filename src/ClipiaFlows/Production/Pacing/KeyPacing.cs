using System.Security.Cryptography;
using System.Text;
using Azure;
using Clipia;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// The pace of the configured API key, shared by all batches and all instances of the app through one partition of the Keys
/// table. Every method may be repeated: a turn taken twice is a turn unused, and slots are stated, not counted.
/// </summary>
public sealed class KeyPacing(
    Tables tables, IOptions<PacingOptions> options, IOptions<ClipiaClientOptions> clipia, TimeProvider time) : IDisposable
{
    // More rows than that are read in one range, with all others.
    private const int MostSingleReads = 8;

    private readonly string _fingerprint =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clipia.Value.ApiKey)))[..16];

    // Callers within one process wait here instead of losing against each other's ETags.
    private readonly SemaphoreSlim _turnstile = new(1, 1);

    /// <summary>States how many slots upstream a batch uses, and asks for more.</summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="demand">What it uses and wants.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>The slots granted.</returns>
    public Task<KeySlots> HoldAsync(string batch, SlotDemand demand, CancellationToken cancellation) =>
        ChangeAsync(
            (pace, now) =>
            {
                (pace, var granted, var others) = pace.Hold(batch, demand, now);
                var turns = new DateTimeOffset[granted];
                for (var i = 0; i < granted; i++)
                    (pace, turns[i]) = pace.TakeTurn(now);
                return (pace, new KeySlots(turns, others));
            },
            cancellation,
            mustBeFresh: demand.Wanted > 0);

    /// <summary>Gives up the place in line of a batch that is gone or does not take its turn.</summary>
    /// <returns>The batches whose turn has come instead: they are to be woken.</returns>
    public Task<IReadOnlyList<string>> LeaveAsync(string batch, CancellationToken cancellation) =>
        ChangeAsync((pace, now) => pace.Leave(batch, now), cancellation);

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

    /// <summary>Who holds slots, who waits, and whose turn it is, as it is stored now. Takes nothing.</summary>
    public async Task<(SlotLine Line, IReadOnlyList<string> Turns)> LineAsync(CancellationToken cancellation)
    {
        await _turnstile.WaitAsync(cancellation);
        try
        {
            var known = _known = await ReadAsync(_known, cancellation);
            return (known.Line, known.Row.Read(options.Value, known.Line).TurnsAt(time.GetUtcNow()));
        }
        finally
        {
            _turnstile.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turnstile.Dispose();

    private int _knownLimit = options.Value.RequestsPerMinute;

    // As this process last wrote or read it. A change is written under its ETag, so what is out of date is found out.
    private Known? _known;

    // Who finds its own mark in the row knows that its write was done, although storage said that the condition did not hold:
    // the answer was lost, and the client library had sent the write again.
    private readonly string _process = Guid.NewGuid().ToString("N")[..12];
    private int _writes;

    private sealed record Known(KeyPaceRow Row, SlotLine Line);

    /// <summary>Changes the pace. A change that changes nothing is not written, and so not found out when it was decided by what is out of date.</summary>
    private async Task<T> ChangeAsync<T>(
        Func<KeyPace, DateTimeOffset, (KeyPace Pace, T Answer)> change, CancellationToken cancellation, bool mustBeFresh = false)
    {
        await _turnstile.WaitAsync(cancellation);
        try
        {
            var mark = "";
            var answer = default(T)!;
            _known ??= await ReadAsync(null, cancellation);
            while (true)
            {
                var before = _known.Row.Read(options.Value, _known.Line);
                (var after, answer) = change(before, time.GetUtcNow());
                _knownLimit = after.RequestsPerMinute;
                if (after == before)
                {
                    var fresh = mustBeFresh ? await ReadAsync(_known, cancellation) : _known;
                    if (fresh == _known)
                        return answer;
                    _known = fresh;
                    continue;
                }

                var row = _known.Row.Copy();
                row.Write(after, options.Value);
                row.WrittenBy = mark = $"{_process}-{++_writes}";
                if (await tables.Keys.CommitAsync(ChangesTo(row, before.Line, after.Line), cancellation))
                {
                    _known = new(row, after.Line.Stored());
                    return answer;
                }

                var now = await ReadAsync(_known, cancellation);
                // Nobody has changed the pace, so it is a batch's row that is not as it is known here.
                _known = now == _known ? await ReadAsync(null, cancellation) : now;
                if (_known.Row.WrittenBy == mark)
                    return answer;
            }
        }
        finally
        {
            _turnstile.Release();
        }
    }

    private RowChanges ChangesTo(KeyPaceRow row, SlotLine before, SlotLine after)
    {
        var changes = new RowChanges();
        if (row.ETag == default)
            changes.Add(row);
        else
            changes.Replace(row);
        foreach (var batch in after.Changed)
        {
            if (after.Find(batch) is { } claim)
                changes.Put(SlotRow.Of(_fingerprint, batch, claim));
            else if (before.Find(batch) is not null)
                changes.Delete(new SlotRow { PartitionKey = _fingerprint, RowKey = SlotRow.KeyOf(batch), ETag = ETag.All });
        }

        return changes;
    }

    /// <summary>Reads what others have written since; everything when that is not known.</summary>
    private async Task<Known> ReadAsync(Known? last, CancellationToken cancellation)
    {
        var row = await tables.Keys.FindAsync<KeyPaceRow>(_fingerprint, KeyPaceRow.Key, cancellation)
            ?? new KeyPaceRow { PartitionKey = _fingerprint, RowKey = KeyPaceRow.Key };
        if (last is not null && last.Row.ETag == row.ETag)
            return last;
        if (last is not null && row.ChangedSince(last.Row.Version) is { Count: <= MostSingleReads } changed)
        {
            var rows = await Task.WhenAll(changed.Select(batch =>
                tables.Keys.FindAsync<SlotRow>(_fingerprint, SlotRow.KeyOf(batch), cancellation)));
            return new(row, last.Line.With(
                changed.Zip(rows, (batch, one) => KeyValuePair.Create(batch, one?.Read())), row.VirtualTime, row.Arrivals));
        }

        var claims = new List<KeyValuePair<string, SlotClaim>>();
        await foreach (var one in tables.Keys.RangeAsync<SlotRow>(_fingerprint, SlotRow.First, SlotRow.End, null, cancellation))
            claims.Add(new(one.BatchOf(), one.Read()));
        return new(row, SlotLine.Of(claims, row.VirtualTime, row.Arrivals));
    }
}
