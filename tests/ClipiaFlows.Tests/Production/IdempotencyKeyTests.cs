using System.Text.RegularExpressions;
using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Production;

public sealed partial class IdempotencyKeyTests
{
    [Fact]
    public void For_SameAttempt_IsTheSameKey() =>
        Assert.Equal(IdempotencyKey.For("seed", "batch", 3, 1), IdempotencyKey.For("seed", "batch", 3, 1));

    [Fact]
    public void For_AnyDifference_IsAnotherKey() =>
        Assert.Equal(5, new HashSet<string>
        {
            IdempotencyKey.For("seed", "batch", 3, 1), IdempotencyKey.For("seed", "batch", 3, 2),
            IdempotencyKey.For("seed", "batch", 31, 1), IdempotencyKey.For("seed", "other", 3, 1),
            IdempotencyKey.For("tree", "batch", 3, 1),
        }.Count);

    [Fact]
    public void For_ManyAttempts_HasTheShapeOfVersion4() =>
        Assert.All(Enumerable.Range(0, 500), n => Assert.Matches(Version4(), IdempotencyKey.For("seed", "batch", n, 1)));

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Version4();
}
