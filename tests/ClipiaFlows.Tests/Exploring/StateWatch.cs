using Azure.Data.Tables;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Sees every commit, and that no job and no batch leaves an end that it has reached.</summary>
internal sealed class StateWatch
{
    private readonly Dictionary<int, (int Attempt, JobState State)> _jobs = [];
    private BatchState? _batch;

    public void See(RowChanges changes)
    {
        foreach (var action in changes.Actions)
        {
            switch (action.Entity)
            {
                case BatchRow batch: See(batch); break;
                case JobRow job when action.ActionType is not TableTransactionActionType.Delete: See(job.N, job.Attempt, job.State); break;
                case TableEntity merged when merged.TryGetValue(nameof(JobRow.State), out var state):
                    var n = int.Parse(merged.RowKey.Split('|')[1]);
                    See(n, _jobs[n].Attempt, Enum.Parse<JobState>((string)state));
                    break;
            }
        }
    }

    public static bool HasEnded(JobState state) =>
        state is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Skipped or JobState.Unresolved;

    private void See(int n, int attempt, JobState state)
    {
        var known = _jobs.TryGetValue(n, out var before) ? before : (Attempt: attempt, State: state);
        if (attempt < known.Attempt || attempt > known.Attempt + 1)
            throw new ViolationException($"Job {n} goes from attempt {known.Attempt} to {attempt}.");
        var mayChange = !HasEnded(known.State) || attempt > known.Attempt || (known.State is JobState.Unresolved && HasEnded(state))
            // A retry collects files that are paid for and could not be stored.
            || (known.State, state) is (JobState.Failed, JobState.Submitting);
        if (state != known.State && !mayChange)
            throw new ViolationException($"Attempt {attempt} of job {n} had ended as {known.State} and becomes {state}.");
        _jobs[n] = (attempt, state);
    }

    private void See(BatchRow batch)
    {
        // What is settled late may turn one end into another; only a retry or a deletion leaves the end.
        if (_batch is { } before && before.IsTerminal() && !batch.State.IsTerminal() && batch.State is not (BatchState.Running or BatchState.Deleting))
            throw new ViolationException($"The batch had ended as {before} and becomes {batch.State}.");
        if (_batch is BatchState.Deleting && batch.State is not BatchState.Deleting)
            throw new ViolationException($"The batch was being deleted and becomes {batch.State}.");
        _batch = batch.State;
    }
}
