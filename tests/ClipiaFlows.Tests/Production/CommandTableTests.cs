using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>Every control action from every state of a batch: the state after it, or a refusal.</summary>
public sealed class CommandTableTests : IDisposable
{
    private const string Batch = "spring";
    private const string No = "409";
    private readonly BatchHarness _flow = new();

    public void Dispose() => _flow.Dispose();

    /// <summary>Rows: the state that the batch is brought into. Columns: what the command makes of it.</summary>
    public static TheoryData<string, string, string> Table()
    {
        string[] commands = ["Pause", "Resume", "Cancel", "Abandon", "Retry", "Approve", "Reject", "Delete"];
        (string From, string[] To)[] rows =
        [
            ("Running", ["Paused", No, "Canceling", "Canceled", "Running", No, No, No]),
            ("PausedByRequest", [No, "Running", "Canceling", "Canceled", "Paused", No, No, No]),
            ("PausedByApi", ["Paused", "Running", "Canceling", "Canceled", "Paused", No, No, No]),
            ("PausedByBudget", ["Paused", No, "Canceled", "Canceled", "Paused", No, No, No]),
            ("Sampling", ["Paused", No, "Canceling", "Canceled", No, "Running", "Canceling", No]),
            ("AwaitingApproval", ["Paused", No, "Canceled", "Canceled", No, "Running", "Canceled", No]),
            ("Canceling", [No, No, No, "Canceled", No, No, No, No]),
            ("Abandoning", [No, No, No, No, No, No, No, No]),
            ("Completed", [No, No, No, No, No, No, No, "Deleting"]),
            ("CompletedWithFailures", [No, No, No, No, "Running", No, No, "Deleting"]),
            ("Canceled", [No, No, No, No, No, No, No, "Deleting"]),
            ("Failed", [No, No, No, No, "Running", No, No, "Deleting"]),
            ("Deleting", [No, No, No, No, No, No, No, No]),
        ];
        var table = new TheoryData<string, string, string>();
        foreach (var (from, to) in rows)
        {
            foreach (var (command, outcome) in commands.Zip(to))
                table.Add(from, command, outcome);
        }

        return table;
    }

    [Theory, MemberData(nameof(Table))]
    public async Task Command_InState_LeadsToState(string from, string command, string outcome)
    {
        await BringIntoAsync(from);
        var before = await _flow.BatchAsync(Batch);

        var receipt = await _flow.Commands.IssueAsync(
            Batch, new CommandRequest(Enum.Parse<CommandKind>(command)), null, _flow.Client, CancellationToken.None);

        if (outcome == No)
        {
            Assert.IsType<CommandReceipt.Impossible>(receipt);
            Assert.Equal(before.ETag, (await _flow.BatchAsync(Batch)).ETag);
            return;
        }

        Assert.IsType<CommandReceipt.Accepted>(receipt);
        await AdvanceAsync();
        // Every cancelled job of a batch with nothing under way has ended at once, so that the end is next.
        var after = await _flow.BatchAsync(Batch);
        var state = after is { State: BatchState.Canceling, AllJobsEnded: true } ? "Canceled" : after.State.ToString();
        Assert.Equal(outcome, state);
        Assert.Equal(before.Total, after.Succeeded + after.Failed + after.Canceled + after.Skipped + after.Unresolved
            + after.Waiting + after.Ready + after.Generating + after.Copying);
    }

    [Fact]
    public async Task Planning_PauseAndResume_AreKeptForAfterwards()
    {
        await _flow.SeedAsync(Batch, [new()], batch => (batch.State, batch.Seeded, batch.Total) = (BatchState.Planning, 1, 2));

        await _flow.CommandAsync(Batch, new(CommandKind.Pause));
        Assert.True((await _flow.BatchAsync(Batch)).PausePlanned);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        Assert.False((await _flow.BatchAsync(Batch)).PausePlanned);

        Assert.Equal(BatchState.Planning, (await _flow.BatchAsync(Batch)).State);
    }

    private async Task AdvanceAsync()
    {
        var advance = _flow.NewAdvance();
        BatchStep step;
        do
            step = await advance.RunAsync(new() { Batch = Batch }, _flow.Client, CancellationToken.None);
        while (step.Kind is BatchStepKind.Advance);
    }

    private async Task BringIntoAsync(string state)
    {
        // Six are claimed at once, two wait; the first of them has failed where there is something to retry.
        SeedJob[] jobs = [.. Enumerable.Range(0, 8).Select(_ => new SeedJob())];
        var sample = state is "Sampling" or "AwaitingApproval";
        await _flow.SeedAsync(Batch, jobs, batch =>
        {
            batch.SampleLeft = sample ? 2 : null;
            batch.Budget = state is "PausedByBudget" ? 8 : null;
        });
        await _flow.AdvanceAsync(Batch);
        var active = await _flow.RowsAsync<ActiveRow>(Batch, "A");
        switch (state)
        {
            case "Running" or "PausedByRequest" or "PausedByApi":
                await _flow.EndAsync(Batch, active[0], JobState.Failed);
                await _flow.AdvanceAsync(Batch);
                if (state is "PausedByRequest")
                    await _flow.CommandAsync(Batch, new(CommandKind.Pause));
                if (state is "PausedByApi")
                    await ForceAsync(batch => batch.PauseFor("subscription_required", "No plan."));
                break;
            case "PausedByBudget":
                await _flow.EndAsync(Batch, active[0], JobState.Failed);
                await _flow.RunToEndAsync(Batch);
                break;
            case "AwaitingApproval":
                foreach (var job in active)
                    await _flow.EndAsync(Batch, job, JobState.Succeeded);
                await _flow.AdvanceAsync(Batch);
                break;
            case "Canceling":
                await _flow.CommandAsync(Batch, new(CommandKind.Cancel));
                break;
            case "Abandoning":
                await ForceAsync(batch =>
                {
                    batch.CancelFor(PauseReasons.ByRequest, "");
                    batch.IsAbandoning = true;
                });
                break;
            case "Deleting":
                await ForceAsync(batch => batch.State = BatchState.Deleting);
                break;
            case "Completed" or "CompletedWithFailures" or "Canceled" or "Failed":
                await _flow.RunToEndAsync(Batch, job => state switch
                {
                    "Failed" => JobState.Failed,
                    "CompletedWithFailures" when job.N == 3 => JobState.Failed,
                    _ => JobState.Succeeded,
                });
                await ForceAsync(batch => batch.State = Enum.Parse<BatchState>(state));
                break;
        }
    }

    private async Task ForceAsync(Action<BatchRow> change)
    {
        var batch = await _flow.BatchAsync(Batch);
        change(batch);
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(batch), CancellationToken.None);
    }
}
