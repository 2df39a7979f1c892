using Xunit.Abstractions;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Tests of the exploration: it finds the mistakes that it is there for, each in a copy of the product made for it.</summary>
public sealed class BrokenCopyTests(ITestOutputHelper output)
{
    [Fact]
    public Task Explore_KeyDerivedPerTry_IsCaught() => IsCaughtAsync(
        "Production/SubmitGeneration.cs",
        "attempt.Model, body, attempt.IdempotencyKey, cancellation)",
        "attempt.Model, body, IdempotencyKey.For(job.Seed, job.Batch, job.N, job.Attempt + (1000 * attempt.Tries)), cancellation)",
        "one job", depth: 3, stops: 0, "was paid 2 times");

    [Fact]
    public Task Explore_WaitCreatedAnewInEveryLoop_IsCaught() => IsCaughtAsync(
        "Production/FinishedInbox.flow.cs",
        "            if (!_wait.IsCompleted && context.CurrentUtcDateTime < at)",
        "            Renew();\n            if (!_wait.IsCompleted && context.CurrentUtcDateTime < at)",
        "one job", depth: 2, stops: 0, "waits for a delivery that has been accepted");

    [Fact]
    public Task Explore_CountedWithoutTakingTheClaimAway_IsCaught() => IsCaughtAsync(
        "Production/Steps/Settlement.cs",
        "        changes.Delete(active);\n        batch.Count(active, -1);\n        batch.Reserved -= estimate;\n        Charge(ended);",
        "        batch.Count(active, -1);\n        batch.Reserved -= estimate;\n        Charge(ended);",
        "one job", depth: 2, stops: 0, "The batch does not come to rest");

    [Fact]
    public Task Explore_ClaimedAfterTheStart_IsCaught() => IsCaughtAsync(
        "Production/Advance.cs",
        "        if (await commit.SaveAsync(snapshot, changes, cancellation) is StepResult.Conflict)\n            return (StepResult.Conflict, null);\n",
        "        await instances.StartAsync(batch, claims, client, cancellation);\n        if (await commit.SaveAsync(snapshot, changes, cancellation) is StepResult.Conflict)\n            return (StepResult.Conflict, null);\n",
        "one paused job", depth: 4, stops: 1, "is claimed and does not run");

    private async Task IsCaughtAsync(string file, string find, string mistake, string scenario, int depth, int stops, string violation)
    {
        using var copy = BrokenCopy.Make(file, find, mistake);

        var found = await copy.ExploreAsync(scenario, depth, stops);

        output.WriteLine(found ?? "Nothing was found.");
        Assert.Contains(violation, found, StringComparison.Ordinal);
    }
}
