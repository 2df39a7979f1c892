namespace Clipia;

/// <summary>The account that the key belongs to.</summary>
/// <param name="AccountId">Its id; empty when the answer did not tell.</param>
/// <param name="BalanceCredits">Credits that can be spent.</param>
/// <param name="Usage30Days">Use of the last 30 days, when told.</param>
public sealed record Account(string AccountId, decimal BalanceCredits, Usage30Days? Usage30Days) : ClipiaAnswer
{
    internal static Account Read(Answer answer)
    {
        var balance = answer.Raw.Object("balance")?.Credits("credits")
            ?? throw answer.Unreadable("has no balance.credits");
        return new(answer.Raw.Text("account_id") ?? "", balance, global::Clipia.Usage30Days.Read(answer.Raw.Object("usage_30d")))
        {
            Raw = answer.Raw,
            RateLimit = answer.RateLimit,
        };
    }
}
