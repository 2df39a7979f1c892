using ClipiaFlows.Durable;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production.Steps;

/// <summary>Decides the oldest command: the batch changes, the operation learns its outcome and the command goes, in one transaction.</summary>
public sealed class ObeyCommands(Tables tables, BatchCommit commit, TimeProvider time)
{
    /// <summary>Takes one command.</summary>
    public async Task<StepResult> TryAsync(
        BatchSnapshot snapshot, DurableTaskClient client, CancellationToken cancellation)
    {
        if (snapshot.Commands is not [var command, ..])
            return StepResult.Nothing;

        var batch = snapshot.Batch;
        var operation = await tables.Jobs.FindAsync<OperationRow>(
            batch.PartitionKey, RowKeys.Operation(command.Operation), cancellation);
        var changes = new RowChanges();
        changes.Delete(command);
        var refusal = batch.Owns(command.Seed)
            ? CommandRules.Check(batch, command)
            : new CommandRefusal("batch_deleted", "It was meant for a batch of this id that was deleted meanwhile.");
        if (refusal is null)
            Obey(batch, command, changes);
        if (operation is not null)
        {
            Decide(operation, command, refusal, batch);
            changes.Replace(operation);
        }

        var result = await commit.SaveAsync(snapshot, changes, cancellation);
        if (result is StepResult.Done && refusal is null && command.Kind is CommandKind.Resume)
            await WakeJobsAsync(snapshot, client, cancellation);
        return result;
    }

    /// <summary>Jobs that wait because the batch was paused or blocked try again at once. Losing this costs them a minute.</summary>
    public static async Task WakeJobsAsync(BatchSnapshot snapshot, DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var job in snapshot.Active.All.Where(job => !job.Copying))
        {
            var instance = InstanceIds.ForJob(snapshot.Batch.PartitionKey, job.N, job.Attempt);
            await client.RaiseEventAsync(instance, Events.Finished, new Finished(), cancellation);
        }
    }

    private void Decide(OperationRow operation, CommandRow command, CommandRefusal? refusal, BatchRow batch)
    {
        // A retry is done when its jobs are priced and ready; RetryEnded tells.
        if (refusal is null && command.Kind is CommandKind.Retry)
            return;
        operation.DecidedAt = time.GetUtcNow();
        operation.Status = refusal is null ? OperationStatus.Done : OperationStatus.Refused;
        operation.Code = refusal?.Code;
        operation.Message = refusal is null ? Outcome(command.Kind, batch) : refusal.Message;
    }

    /// <summary>A batch is not canceled when the command is done: it then begins to cancel its jobs.</summary>
    private static string? Outcome(CommandKind kind, BatchRow batch) => kind switch
    {
        CommandKind.Cancel => $"The batch is canceling; nothing more is submitted{Collected(batch.Generating + batch.Copying)}.",
        CommandKind.Abandon => $"The batch is canceling; nothing more is submitted{Left(batch.Generating)}.",
        CommandKind.Reject => $"The sample is rejected and the batch is canceling; nothing more is submitted{Collected(batch.Generating + batch.Copying)}.",
        _ => null,
    };

    private static string Collected(int jobs) => jobs switch
    {
        0 => "",
        1 => ", and 1 job under way is still collected",
        _ => $", and {jobs} jobs under way are still collected",
    };

    private static string Left(int jobs) => jobs switch
    {
        0 => "",
        1 => ", and 1 job under way is not waited for",
        _ => $", and {jobs} jobs under way are not waited for",
    };

    private void Obey(BatchRow batch, CommandRow command, RowChanges changes)
    {
        switch (command.Kind)
        {
            case CommandKind.Pause when batch.State is BatchState.Planning:
                batch.PausePlanned = true;
                break;
            case CommandKind.Pause:
                batch.PauseFor(PauseReasons.ByRequest, "Paused by request.");
                break;
            case CommandKind.Resume:
                Resume(batch, command);
                break;
            case CommandKind.Cancel or CommandKind.Abandon:
                batch.CancelFor(PauseReasons.ByRequest, "Cancellation was requested.");
                batch.IsAbandoning |= command.Kind is CommandKind.Abandon;
                break;
            case CommandKind.Reject:
                batch.CancelFor(PauseReasons.Rejected, "The sample was rejected.");
                break;
            case CommandKind.Approve:
                batch.SampleLeft = null;
                if (batch.State is BatchState.AwaitingApproval)
                    batch.GoOn();
                break;
            case CommandKind.Retry:
                Retry(batch, command, changes);
                break;
            case CommandKind.Delete:
                batch.State = BatchState.Deleting;
                batch.DeletesOutputs = command.WithOutputs;
                break;
        }
    }

    private static void Resume(BatchRow batch, CommandRow command)
    {
        batch.BudgetCredits = command.BudgetCredits ?? batch.BudgetCredits;
        batch.PausePlanned = false;
        if (batch.State is BatchState.Paused)
            batch.GoOn();
    }

    private void Retry(BatchRow batch, CommandRow command, RowChanges changes)
    {
        if (batch.State.IsTerminal())
        {
            batch.GoOn();
            batch.FinishedAt = null;
            batch.IsAbandoning = false;
            batch.CancelNext = 0;
            // A deadline that has passed would end the retry before it began.
            if (batch.DeadlineAt <= time.GetUtcNow())
                batch.DeadlineAt = null;
            // And so would failures that were too many: whoever retries bears them.
            if (batch.Failed > batch.ToleratedFailures)
                batch.ToleratedFailures = batch.Failed;
        }

        batch.BudgetCredits = command.BudgetCredits ?? batch.BudgetCredits;
        batch.IsRetrying = true;
        changes.Add(new RetryRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RetryRow.Key,
            Operation = command.Operation,
            JobsJson = command.JobsJson,
            BuyAgain = command.BuyAgain,
        });
    }
}
