using ClipiaFlows.Durable;

namespace ClipiaFlows.Tests.Production;

public sealed class InstanceIdsTests
{
    [Theory]
    [InlineData("spring", 0, 1)]
    [InlineData("spring-campaign-7f3a", 14, 2)]
    [InlineData("a-1-2", 3, 4)]
    public void TryParseJob_WrittenByForJob_GivesItsParts(string batch, int n, int attempt)
    {
        Assert.True(InstanceIds.TryParseJob(InstanceIds.ForJob(batch, n, attempt), out var read, out var readN, out var readAttempt));
        Assert.Equal((batch, n, attempt), (read, readN, readAttempt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("j-")]
    [InlineData("j-1-2")]
    [InlineData("j--1-2")]
    [InlineData("b-spring")]
    [InlineData("j-spring-x-1")]
    [InlineData("j-spring-1-+2")]
    [InlineData("j-spring-1-99999999999")]
    public void TryParseJob_AnythingElse_IsFalse(string id) => Assert.False(InstanceIds.TryParseJob(id, out _, out _, out _));
}
