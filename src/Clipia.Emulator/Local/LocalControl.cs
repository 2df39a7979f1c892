namespace Clipia.Emulator;

/// <summary>What the console of the real service does by hand, and what only tests want.</summary>
internal sealed class LocalControl(Accounts accounts, KeyRing keys, GenerationDesk desk, WebhookSender webhooks, Scenarios scenarios, CallLog calls, Modes modes, TimeProvider time)
{
    // Far from where sums of 64 bits end.
    private const long MostCredits = 1_000_000_000_000;

    public object Keys() => new { Keys = keys.All.Select(Describe).ToArray() };

    public async Task<IResult> AddKeyAsync(NewKey wanted)
    {
        if (wanted.Environment is not ("live" or "test"))
            return LocalRoutes.Refuse("'environment' must be live or test.");
        if (ProblemOf(wanted.Scopes, wanted.Rpm, wanted.Concurrency) is { } problem)
            return LocalRoutes.Refuse(problem);

        var test = wanted.Environment == "test";
        var key = KeyRing.NewKey(test);
        var account = await accounts.GetOrAddAsync(wanted.Account);
        var registered = await keys.RegisterAsync(key, wanted.Name ?? "unnamed", test, account, wanted.Scopes, wanted.Rpm, wanted.Concurrency);
        return LocalRoutes.Json(new { Key = key, registered.Id, registered.Prefix, registered.Environment, registered.Scopes }, StatusCodes.Status201Created);
    }

    public async Task<IResult> RevokeKeyAsync(string idOrPrefix)
    {
        var (key, refusal) = Find(idOrPrefix);
        if (key is null)
            return refusal!;
        await keys.RevokeAsync(key);
        return LocalRoutes.Json(Describe(key));
    }

    public async Task<IResult> ChangeKeyAsync(string idOrPrefix, KeyChange wanted)
    {
        var (key, refusal) = Find(idOrPrefix);
        if (key is null)
            return refusal!;
        if (ProblemOf(wanted.Scopes, wanted.Rpm, wanted.Concurrency) is { } problem)
            return LocalRoutes.Refuse(problem);
        await keys.ChangeAsync(key, wanted.Rpm, wanted.Concurrency, wanted.Name, wanted.Scopes);
        return LocalRoutes.Json(Describe(key));
    }

    public async Task<IResult> GrantAsync(Grant grant)
    {
        if (Math.Abs((decimal)grant.Credits) > MostCredits)
            return LocalRoutes.Refuse($"'credits' must be between -{MostCredits} and {MostCredits}.");
        var account = await accounts.GetOrAddAsync(grant.Account);
        await desk.GrantAsync(account, grant.Credits);
        return LocalRoutes.Json(desk.Read(() => new { AccountId = account.Id, account.Granted, account.Balance }));
    }

    public IResult Ledger(string? accountId)
    {
        if (accounts.Find(accountId) is not { } account)
            return LocalRoutes.Refuse("There is no such account.", StatusCodes.Status404NotFound);
        return LocalRoutes.Json(desk.Read(() => new
        {
            account.Granted, account.Balance, account.Reserved, account.Charged, account.Refunded,
            Entries = desk.Snapshot().Where(generation => generation.Key.Account == account && !generation.Key.IsTest).Select(generation => new
            {
                RequestId = generation.Id,
                Model = generation.Model.Slug,
                Status = generation.StatusAt(time.GetUtcNow()),
                generation.Cost,
                State = generation.LedgerState,
                generation.IdempotencyKey,
            }).ToArray(),
        }));
    }

    public object Requests(int limit)
    {
        var now = time.GetUtcNow();
        return new
        {
            Requests = desk.Snapshot().Take(limit).Select(generation => new
            {
                RequestId = generation.Id,
                Model = generation.Model.Slug,
                Status = generation.StatusAt(now),
                Progress = generation.StatusAt(now) == GenerationStatus.InProgress ? generation.ProgressAt(now) : (int?)null,
                generation.Cost,
                State = generation.LedgerState,
                generation.Key.Environment,
                Output = generation is { Settled: true, Outcome: GenerationStatus.Completed } ? Output.Of(generation, "") : null,
                KeyPrefix = generation.Key.Prefix,
                AccountId = generation.Key.Account.Id,
                generation.IdempotencyKey,
                generation.WebhookUrl,
                Input = System.Text.Json.Nodes.JsonNode.Parse(generation.Input),
                CreatedAt = RequestRoutes.Instant(generation.CreatedAt),
                CompletedAt = generation.Settled ? RequestRoutes.Instant(generation.FinishesAt) : null,
                Error = generation.Settled ? generation.Error : null,
                DeliveryId = generation.Delivery?.Id,
                Attempts = generation.Delivery?.Attempts.Count,
            }).ToArray(),
        };
    }

    public IResult Cancel(string id)
    {
        if (desk.Find(id) is not { } generation)
            return LocalRoutes.Refuse("There is no such request.", StatusCodes.Status404NotFound);
        return desk.Cancel(generation)
            ? LocalRoutes.Json(new { RequestId = id, Status = generation.Outcome })
            : LocalRoutes.Refuse("This request has ended.", StatusCodes.Status409Conflict);
    }

    public object Deliveries() => new
    {
        Deliveries = (
            from delivery in webhooks.All
            from attempt in delivery.Attempts
            select new
            {
                DeliveryId = delivery.Id,
                RequestId = delivery.Generation.Id,
                Url = delivery.Generation.WebhookUrl,
                attempt.Attempt,
                attempt.SentAt,
                attempt.Status,
                attempt.Error,
            }).ToArray(),
    };

    public object Calls(int limit) => new { Calls = calls.NewestFirst.Take(limit).ToArray(), Counts = calls.Counts.ToArray() };

    public IResult ClearCalls()
    {
        calls.Clear();
        return LocalRoutes.Json(new { Status = "ok" });
    }

    public object ActiveScenarios() => new { Scenarios = scenarios.Active.ToArray() };

    public IResult AddScenario(ScenarioRule rule)
    {
        if (ScenarioCheck.Problem(rule) is { } problem)
            return LocalRoutes.Refuse(problem);
        if (rule.Key is { } key && keys.Find(key) is { } known)
            rule = rule with { Key = known.Id };
        else if (rule.Key is { } name && !keys.All.Any(one => one.Id == name || one.Prefix == name))
            return LocalRoutes.Refuse("There is no such key.");
        return LocalRoutes.Json(scenarios.Add(rule), StatusCodes.Status201Created);
    }

    public object Settings() => new { modes.StrictInput, modes.StrictKeys, modes.StrictWebhooks, Now = time.GetUtcNow() };

    public IResult ChangeSettings(SettingsChange wanted)
    {
        modes.StrictInput = wanted.StrictInput ?? wanted.Strict ?? modes.StrictInput;
        modes.StrictKeys = wanted.StrictKeys ?? wanted.Strict ?? modes.StrictKeys;
        modes.StrictWebhooks = wanted.StrictWebhooks ?? wanted.Strict ?? modes.StrictWebhooks;
        return LocalRoutes.Json(Settings());
    }

    public IResult RemoveScenario(int id) =>
        scenarios.Remove(id) ? LocalRoutes.Json(new { Status = "ok" }) : LocalRoutes.Refuse("There is no such scenario.", StatusCodes.Status404NotFound);

    public IResult ClearScenarios()
    {
        scenarios.Clear();
        return LocalRoutes.Json(new { Status = "ok" });
    }

    private (ApiKey? Key, IResult? Refusal) Find(string idOrPrefix)
    {
        var found = keys.All.Where(key => key.Id == idOrPrefix || key.Prefix == idOrPrefix).ToList();
        return found.Count switch
        {
            1 => (found[0], null),
            0 => (null, LocalRoutes.Refuse("There is no such key.", StatusCodes.Status404NotFound)),
            _ => (null, LocalRoutes.Refuse("Several keys have this prefix; use the id.", StatusCodes.Status409Conflict)),
        };
    }

    private static string? ProblemOf(string[]? scopes, int? rpm, int? concurrency)
    {
        if (scopes?.Except([ApiKey.Generate, ApiKey.Read]).Any() == true)
            return "'scopes' may hold generate and read.";
        return rpm < 1 || concurrency < 1 ? "'rpm' and 'concurrency' must be at least 1." : null;
    }

    private static object Describe(ApiKey key) => new
    {
        key.Id, key.Name, key.Environment, key.Prefix, key.Scopes,
        Rpm = key.RequestsPerMinute, key.Concurrency, AccountId = key.Account.Id, key.Running, key.CreatedAt, key.RevokedAt,
    };
}
