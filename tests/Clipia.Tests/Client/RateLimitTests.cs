using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("RateLimit-", "120", "118", "42", 120, 118, 42)]
    [InlineData("X-RateLimit-", "120", "118", "42", 120, 118, 42)]
    [InlineData("ratelimit-", "120, 120;w=60", "0", "0", 120, 0, 0)]
    [InlineData("RateLimit-", "120", "118", "1.7", 120, 118, 1)]
    [InlineData("X-RateLimit-", "120", "118", "1780304430", 120, 118, 30)]
    [InlineData("X-RateLimit-", "120", "118", "1780304300", 120, 118, 0)]
    [InlineData("RateLimit-", "many", "-1", "soon", null, null, null)]
    [InlineData("RateLimit-", "99999999999", "118", "999999", null, 118, 86_400)]
    public async Task Answer_WithRateLimitHeaders_CarriesThem(
        string prefix, string limit, string remaining, string reset, int? expectedLimit, int? expectedRemaining, int? expectedReset)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            Some.AccountAnswer, 200, ($"{prefix}Limit", limit), ($"{prefix}Remaining", remaining), ($"{prefix}Reset", reset)));

        var account = await Some.Client(api).Account.GetAsync();

        var expected = expectedLimit is null && expectedRemaining is null && expectedReset is null
            ? null
            : new RateLimit(expectedLimit, expectedRemaining, expectedReset is { } s ? TimeSpan.FromSeconds(s) : null);
        Assert.Equal(expected, account.RateLimit);
    }

    [Fact]
    public async Task Answer_WithoutRateLimitHeaders_CarriesNone()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));

        Assert.Null((await Some.Client(api).Account.GetAsync()).RateLimit);
    }

    [Fact]
    public async Task Answer_WithSomeHeaders_CarriesThose()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer, 200, ("RateLimit-Remaining", "7")));

        Assert.Equal(new RateLimit(null, 7, null), (await Some.Client(api).Account.GetAsync()).RateLimit);
    }

    [Fact]
    public async Task Exception_WithRateLimitHeaders_CarriesThem()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(402, "insufficient_credits", ("RateLimit-Limit", "120"), ("RateLimit-Remaining", "5")));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(new RateLimit(120, 5, null), failure.RateLimit);
    }
}
