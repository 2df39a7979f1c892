using System.Globalization;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Xunit.Abstractions;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>Kills a working process again and again, as often as CRASH_KILLS says.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Flows = 60;

    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("CRASH_KILLS") ?? "40", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Kill_AtCommitsAndRandomInstants_NothingIsLostRepeatedOrDifferent()
    {
        using var reference = new CrashRound(Flows);
        var undisturbed = await reference.RunAsync(_ => null);
        var deaths = new List<string>();
        var rounds = 0;
        while (deaths.Count < Kills)
        {
            var before = deaths.Count;
            using var round = new CrashRound(Flows);
            var disturbed = await round.RunAsync(life =>
            {
                if (deaths.Count == Kills) return null;
                var death = Death.Of(life);
                deaths.Add(death.Kind);
                return death;
            });
            Assert.True(deaths.Count > before + 1 || deaths.Count == Kills, "It was too quick to be killed.");
            Assert.Equal(undisturbed, disturbed);
            rounds++;
        }

        var kinds = deaths.GroupBy(kind => kind).Select(kind => $"{kind.Count()} {kind.Key}");
        output.WriteLine(
            $"{deaths.Count} kills ({string.Join(", ", kinds)}) in {rounds} rounds of {Flows} flows: "
            + "nothing lost, no committed step repeated, every output as in an undisturbed run.");
    }
}

/// <summary>How one process dies: at a commit by itself, or killed after a while.</summary>
internal sealed record Death(string Kind, string? AtCommit, TimeSpan After)
{
    private const int MostCommits = 40;

    public static Death Of(int life) => (life % 3) switch
    {
        0 => Commit(CommitPoint.Before),
        1 => Commit(CommitPoint.After),
        _ => new("at random instants", null, TimeSpan.FromMilliseconds(Random.Shared.Next(250))),
    };

    private static Death Commit(CommitPoint side) =>
        new($"{side} a commit".ToLowerInvariant(), $"{side}:{Random.Shared.Next(1, MostCommits)}", default);
}
