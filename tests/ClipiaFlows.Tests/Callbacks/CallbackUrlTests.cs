using ClipiaFlows.Callbacks;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Callbacks;

public sealed class CallbackUrlTests
{
    private const string Instance = "j-spring-3-1";
    private const string Key = "0f1e2d3c-0000-4000-8000-000000000000";

    [Fact]
    public void IsGenuine_OwnToken_True() => Assert.True(Urls("a-callback-key-of-ours").IsGenuine(Instance, TokenFor(Instance)));

    [Fact]
    public void IsGenuine_TokenOfThePreviousKey_True() =>
        Assert.True(Urls("a-newer-callback-key", previous: "a-callback-key-of-ours").IsGenuine(Instance, TokenFor(Instance)));

    [Fact]
    public void IsGenuine_TokenOfAnotherInstance_False() =>
        Assert.False(Urls("a-callback-key-of-ours").IsGenuine(Instance, TokenFor("j-spring-3-2")));

    [Fact]
    public void IsGenuine_TokenWithTheMarkOfAnotherRequest_False() =>
        Assert.False(Urls("a-callback-key-of-ours").IsGenuine(Instance, "a" + TokenFor(Instance)[1..]));

    [Theory]
    [InlineData(Key, true)]
    [InlineData("1f1e2d3c-0000-4000-8000-000000000000", false)]
    public void IsOf_TheRequestOfTheSameInstanceInADeletedBatch_False(string key, bool expected) =>
        Assert.Equal(expected, CallbackUrl.IsOf(TokenFor(Instance), key));

    /// <summary>Deliveries to addresses of an earlier release still come after an upgrade.</summary>
    [Fact]
    public void IsGenuine_TokenOfAnEarlierRelease_True()
    {
        const string Earlier = "f00VP0B6ovrEbyTccsH7eh3emy2SIghiVHY2KLzjYYc";

        Assert.True(Urls("a-callback-key-of-ours").IsGenuine(Instance, Earlier));
        Assert.True(CallbackUrl.IsOf(Earlier, Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void IsGenuine_AnythingElse_False(string token) => Assert.False(Urls("a-callback-key-of-ours").IsGenuine(Instance, token));

    [Fact]
    public void IsGenuine_NoKeyConfigured_False() => Assert.False(Urls("").IsGenuine(Instance, TokenFor(Instance)));

    [Fact]
    public void For_NoPublicAddress_IsNoAddress() =>
        Assert.Null(new CallbackUrl(Options.Create(new CallbackOptions { Key = "a-callback-key-of-ours" })).For(Instance, Key));

    [Fact]
    public void Validate_PublicAddressWithoutSecrets_NamesEachSetting()
    {
        var problems = new CallbackOptions { PublicBaseUrl = new Uri("http://flows.example.com") }
            .Validate(new(new object())).Select(problem => problem.ErrorMessage!).ToList();

        Assert.Contains(problems, problem => problem.Contains("Callbacks:PublicBaseUrl", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Callbacks:Key", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Clipia:WebhookSecret", StringComparison.Ordinal));
    }

    private static string TokenFor(string instance) => Urls("a-callback-key-of-ours").For(instance, Key)!.Segments[^1];

    private static CallbackUrl Urls(string key, string previous = "") => new(Options.Create(new CallbackOptions
    {
        PublicBaseUrl = new Uri("https://flows.example.com/"),
        Key = key,
        PreviousKey = previous,
    }));
}
