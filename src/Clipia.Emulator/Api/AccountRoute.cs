using System.Text.Json.Serialization;

namespace Clipia.Emulator;

/// <summary>GET /v1/account. Section 3.10 of the contract: balance without what is reserved, usage of the calling key.</summary>
internal sealed class AccountRoute(GenerationDesk desk, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    public Task<Reply> GetAsync(ApiCall call)
    {
        var since = time.GetUtcNow() - Period;
        var key = call.Key;
        return Task.FromResult(desk.Read(() =>
        {
            int requests = 0, spent = 0;
            for (var i = key.Submits.Count - 1; i >= 0 && key.Submits[i].CreatedAt > since; i--)
            {
                requests++;
                if (key.Submits[i].LedgerState == "charged")
                    spent += key.Submits[i].Cost;
            }
            return Reply.Ok(new AccountReply(key.Account.Id, new(key.Account.Balance), new(requests, spent)));
        }));
    }

    private sealed record AccountReply(string AccountId, Balance Balance, [property: JsonPropertyName("usage_30d")] Usage Usage);

    private sealed record Balance(long Credits);

    private sealed record Usage(int Requests, int CreditsSpent);
}
