using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class AccountTests
{
    [Fact]
    public async Task GetAsync_Usual_ReadsEveryField()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));

        var account = await Some.Client(api).Account.GetAsync();

        Assert.Equal("acc1", account.AccountId);
        Assert.Equal(1234.5m, account.BalanceCredits);
        Assert.Equal(new Usage30Days(12, 48m), account.Usage30Days);
        Assert.Equal(("GET", "/v1/account"), (api.Requests[0].Method, api.Requests[0].Target));
    }

    [Fact]
    public async Task GetAsync_OnlyTheBalance_IsEnough()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("""{"balance":{"credits":-3}}"""));

        var account = await Some.Client(api).Account.GetAsync();

        Assert.Equal(("", -3m, null), (account.AccountId, account.BalanceCredits, account.Usage30Days));
    }

    [Fact]
    public async Task GetAsync_NoBalance_IsInvalidRatherThanZero()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("""{"account_id":"a","balance":{}}"""));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.InvalidAnswer, failure.Code);
    }
}
