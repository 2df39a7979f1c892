using System.Collections.Concurrent;

namespace Clipia.Emulator;

/// <summary>
/// Accepts generations, ends them when their time has come, and keeps the credits right. The state in memory leads; the
/// journal follows in the same order, and nobody hears of an acceptance before it is committed.
/// </summary>
internal sealed class GenerationDesk(TimeProvider time, Journal journal, DueQueue due, WebhookSender webhooks)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Generation> _byId = new();
    private readonly List<Generation> _all = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Generation> Snapshot()
    {
        lock (_gate)
            return [.. Enumerable.Reverse(_all)];
    }

    public Acceptance Accept(Order order)
    {
        lock (_gate)
        {
            var key = order.Key;
            if (!key.IsTest)
            {
                if (key.Running >= key.Concurrency)
                    return new(AcceptanceKind.TooManyRunning);
                if (key.Account.Balance < order.Cost)
                    return new(AcceptanceKind.NotEnoughCredits);
            }

            var now = time.GetUtcNow();
            var course = order.Decide();
            var generation = new Generation
            {
                Sequence = _all.Count + 1,
                Id = order.Id,
                Key = key,
                Model = order.Model,
                Input = order.Input,
                WebhookUrl = order.WebhookUrl,
                Cost = order.Cost,
                Origin = order.Origin,
                IdempotencyKey = order.IdempotencyKey,
                Fingerprint = order.Fingerprint,
                CreatedAt = now,
                StartsAt = now + course.Queue,
                FinishesAt = now + course.Total,
                Outcome = course.Outcome,
                Error = course.Error,
                Settled = key.IsTest,
            };
            // Only now, so that nothing is held for what could not be made.
            if (!key.IsTest)
            {
                key.Account.Reserve(order.Cost);
                key.Running++;
            }
            Add(generation);
            if (generation.Settled && generation.WebhookUrl is not null)
                generation.Delivery = webhooks.Create(generation);
            var (settled, delivery) = (generation.Settled, generation.Delivery);
            var committed = journal.Append(tables =>
            {
                tables.Save(generation, settled);
                if (delivery is not null)
                    WebhookSender.Store(tables, delivery);
            });
            if (!settled)
                due.Schedule(generation.FinishesAt, () => Settle(generation));
            return new(AcceptanceKind.Accepted, generation, committed);
        }
    }

    /// <summary>A request that this key may see, brought up to date.</summary>
    public Generation? Find(string id, ApiKey reader) =>
        Find(id) is { } generation && generation.Key.SharesRequestsWith(reader) ? generation : null;

    public Generation? Find(string id)
    {
        if (!_byId.TryGetValue(id, out var generation))
            return null;
        if (!generation.Settled && generation.FinishesAt <= time.GetUtcNow())
            Settle(generation);
        return generation;
    }

    /// <summary>Ends a generation: charge or refund, free its slot, and announce it once that is committed. Does nothing the second time.</summary>
    public void Settle(Generation generation, bool announce = true)
    {
        lock (_gate)
        {
            if (generation.Settled)
                return;
            generation.Settled = true;
            Book(generation);
            generation.Key.Running--;

            var delivery = generation.WebhookUrl is null ? null : webhooks.Create(generation);
            generation.Delivery = delivery;
            var (outcome, error, finishedAt) = (generation.Outcome, generation.Error, generation.FinishesAt);
            var committed = journal.Append(tables =>
            {
                tables.Settle(generation.Sequence, outcome, error, finishedAt);
                if (delivery is not null)
                    WebhookSender.Store(tables, delivery);
            });
            if (delivery is not null && announce)
                _ = AnnounceAsync(delivery, committed);
        }
    }

    /// <summary>Ends a running generation now, as somebody in the web console would. False when it had ended.</summary>
    public bool Cancel(Generation generation)
    {
        lock (_gate)
        {
            if (generation.Settled)
                return false;
            EndNow(generation);
            generation.Outcome = GenerationStatus.Canceled;
            generation.Error = GenerationError.Canceled;
            Settle(generation);
            return true;
        }
    }

    /// <summary>Lets a generation finish at once; its announcement is stored and left to the caller.</summary>
    public void Hurry(Generation generation)
    {
        lock (_gate)
        {
            EndNow(generation);
            Settle(generation, announce: false);
        }
    }

    /// <summary>Credits may be negative, which takes some away.</summary>
    public Task GrantAsync(Account account, long credits)
    {
        lock (_gate)
        {
            account.Grant(credits);
            var granted = account.Granted;
            return journal.Append(tables => tables.Save(account, granted));
        }
    }

    public T Read<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }

    /// <summary>Takes over what an earlier process left behind. Called before the first request.</summary>
    public void Load(Generation generation)
    {
        lock (_gate)
        {
            Add(generation);
            if (generation.Key.IsTest)
                return;
            generation.Key.Account.Reserve(generation.Cost);
            if (generation.Settled)
                Book(generation);
            else
                generation.Key.Running++;
        }
    }

    /// <summary>Lets what was loaded go on.</summary>
    public void Begin()
    {
        foreach (var generation in Snapshot().Where(generation => !generation.Settled))
            due.Schedule(generation.FinishesAt, () => Settle(generation));
    }

    private async Task AnnounceAsync(Delivery delivery, Task committed)
    {
        await committed;
        webhooks.Begin(delivery);
    }

    private void Add(Generation generation)
    {
        _all.Add(generation);
        _byId[generation.Id] = generation;
        generation.Key.Submits.Add(generation);
    }

    private void EndNow(Generation generation)
    {
        var now = time.GetUtcNow();
        if (!generation.Settled && now < generation.FinishesAt)
            generation.FinishesAt = now;
    }

    private static void Book(Generation generation)
    {
        if (generation.Outcome == GenerationStatus.Completed)
            generation.Key.Account.Charge(generation.Cost);
        else
            generation.Key.Account.Refund(generation.Cost);
    }
}
