using System.Globalization;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Retention;

/// <summary>Deletes batches that ended long ago, by the same command that a person would give.</summary>
/// <remarks>
/// May run more than once and beside itself: the command of an end has one operation id, and Advance decides it. Throws for accidents
/// of storage; the next run goes on.
/// </remarks>
public sealed class RetireBatches(Tables tables, BatchCommands commands, IOptions<RetentionOptions> options, TimeProvider time)
{
    // Each is deleted by an instance of its own; more at a time would only queue up.
    private const int MostAtATime = 100;

    /// <summary>Gives the command to at most 100 batches, those that were accepted last of those that are due.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        if (options.Value.Days <= 0)
            return 0;
        var endedBefore = time.GetUtcNow() - TimeSpan.FromDays(options.Value.Days);
        var request = new CommandRequest(CommandKind.Delete) { WithOutputs = options.Value.WithOutputs };
        var retired = 0;
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(
            BatchIndexRow.All, BatchIndexRow.NotYoungerThan(endedBefore), "~", null, cancellation))
        {
            if (await tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation) is not { } batch
                || !batch.State.IsTerminal() || batch.FinishedAt is not { } end || end > endedBefore)
                continue;
            // One command for each end: after a retry that came first, and had it refused, there is another.
            var operation = string.Create(CultureInfo.InvariantCulture, $"retention-{end.UtcTicks}");
            await commands.IssueAsync(entry.Batch, request, operation, client, cancellation);
            if (++retired == MostAtATime)
                break;
        }

        return retired;
    }
}
