using System.Text.Json.Serialization;
using Clipia;

namespace ClipiaFlows.Delivery;

/// <summary>
/// What the API said of the account when the receipt was written. Other work on the account moves these figures too, so
/// nothing is derived from them; they stand beside the batch's own sums for a person to compare.
/// </summary>
public sealed record AccountStatement
{
    /// <summary>When it was asked.</summary>
    [JsonPropertyName("askedAt")]
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Credits that can be spent.</summary>
    [JsonPropertyName("balanceCredits")]
    public decimal? BalanceCredits { get; init; }

    /// <summary>Submissions that the key had accepted in the last 30 days.</summary>
    [JsonPropertyName("requests30Days")]
    public int? Requests30Days { get; init; }

    /// <summary>Credits charged in the last 30 days.</summary>
    [JsonPropertyName("creditsSpent30Days")]
    public decimal? CreditsSpent30Days { get; init; }

    /// <summary>Why nothing was said.</summary>
    [JsonPropertyName("trouble")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trouble { get; init; }

    /// <summary>Asks once; costs a request of the key's rate. A refusal becomes part of the statement.</summary>
    public static async Task<AccountStatement> AskAsync(ClipiaClient clipia, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var account = await clipia.Account.GetAsync(cancellation);
            return new AccountStatement
            {
                AskedAt = time.GetUtcNow(),
                BalanceCredits = account.BalanceCredits,
                Requests30Days = account.Usage30Days?.Requests,
                CreditsSpent30Days = account.Usage30Days?.CreditsSpent,
            };
        }
        catch (ClipiaException refusal)
        {
            return new AccountStatement { AskedAt = time.GetUtcNow(), Trouble = refusal.Message };
        }
    }
}
