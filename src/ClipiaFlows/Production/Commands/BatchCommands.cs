using System.Security.Cryptography;
using System.Text;
using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Production.Commands;

/// <summary>Takes commands for batches and hands them to Advance, which decides.</summary>
/// <remarks>
/// May be called again with the same operation id: it is the same operation. The command is a row before anybody is woken,
/// so that a crash delays it until the watchdog comes by, and no longer.
/// </remarks>
public sealed class BatchCommands(Tables tables, IOptions<LimitOptions> limits, TimeProvider time)
{
    /// <summary>Issues a command.</summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="operationId">The caller's id for it, 1 to 255 characters; <c>null</c> for a random one.</param>
    /// <param name="client">Wakes the batch.</param>
    /// <param name="cancellation">Ends the try.</param>
    public async Task<CommandReceipt> IssueAsync(
        string batch, CommandRequest request, string? operationId, DurableTaskClient client, CancellationToken cancellation)
    {
        var operation = string.IsNullOrEmpty(operationId) ? RandomNumberGenerator.GetHexString(16, lowercase: true) : IdOf(operationId);
        var known = await tables.Jobs.FindAsync<OperationRow>(batch, RowKeys.Operation(operation), cancellation);
        if (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row)
            return known is null ? new CommandReceipt.NoSuchBatch() : Repeated(known, request);
        if (known is not null)
            return await RepeatAsync(row, known, request, client, cancellation);

        var now = time.GetUtcNow();
        var command = request.ToRow(batch, operation, now);
        command.Seed = row.Seed;
        if (CommandRules.Check(row, command) is { } refusal)
            return new CommandReceipt.Impossible(refusal);
        if (CheckLimit(row, request) is { } above)
            return above;
        // A batch without a budget was accepted before there was a limit.
        if (BuysMore(request) && request.BudgetCredits is null && row.Budget is null && limits.Value.MaxBudgetCredits is { } highest)
            command.BudgetCredits = CreditColumn.Write(highest);
        if (request.Jobs is { } ids && await MeantJobs.CheckAsync(tables, batch, ids, cancellation) is { } objection)
            return objection;

        var pending = new OperationRow
        {
            PartitionKey = batch,
            RowKey = RowKeys.Operation(operation),
            Kind = request.Kind,
            Arguments = request.Arguments,
            IssuedAt = now,
        };
        var changes = new RowChanges();
        changes.Add(command);
        changes.Add(pending);
        await WatchAsync(row, cancellation);
        if (!await tables.Jobs.CommitAsync(changes, cancellation))
        {
            known = await tables.Jobs.FindAsync<OperationRow>(batch, RowKeys.Operation(operation), cancellation);
            return known is null ? new CommandReceipt.NoSuchBatch() : await RepeatAsync(row, known, request, client, cancellation);
        }

        if (await TakeBackAsync(row, command, pending, cancellation) is { } tooLate)
            return tooLate;
        await WakeAsync(row, client, cancellation);
        return new CommandReceipt.Accepted(OperationView.Of(operation, new OperationRow { Kind = request.Kind, IssuedAt = now }));
    }

    /// <summary>Whether the budget that would apply after a command is above the highest; <c>null</c> when it is not.</summary>
    public async Task<CommandReceipt.AboveLimit?> CheckLimitAsync(string batch, CommandRequest request, CancellationToken cancellation) =>
        await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is { } row ? CheckLimit(row, request) : null;

    /// <summary>Shows an operation; <c>null</c> when there is none of that id.</summary>
    public async Task<OperationView?> FindAsync(string batch, string operationId, CancellationToken cancellation)
    {
        var operation = IdOf(operationId);
        var row = await tables.Jobs.FindAsync<OperationRow>(batch, RowKeys.Operation(operation), cancellation);
        return row is null ? null : OperationView.Of(operation, row);
    }

    private CommandReceipt.AboveLimit? CheckLimit(BatchRow row, CommandRequest request) =>
        BuysMore(request)
        && limits.Value.MaxBudgetCredits is { } highest
        && (request.BudgetCredits ?? row.Budget ?? row.Bound) is var budget && budget > highest
            ? new CommandReceipt.AboveLimit(budget, highest)
            : null;

    private static bool BuysMore(CommandRequest request) => request.Kind is CommandKind.Resume or CommandKind.Retry;

    /// <summary>
    /// A batch that had ended or sleeps is looked after again: before the command stands, so that a crash leaves none lying for
    /// whoever commands something else later.
    /// </summary>
    private Task<bool> WatchAsync(BatchRow row, CancellationToken cancellation) => tables.Batches.CommitAsync(
        RowChanges.Putting(BatchIndexRow.ForWatchdog(row.PartitionKey, row.CreatedAt, calledAt: time.GetUtcNow())), cancellation);

    private async Task WakeAsync(BatchRow row, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = row.PartitionKey;
        // Again, because the watchdog may have come by since the first time and found that the batch had ended.
        if (row.State.IsTerminal())
            await WatchAsync(row, cancellation);
        await DurableStateException.ThrowOnTroubleAsync(async () =>
        {
            await BatchInstances.StartAsync(batch, client, cancellation);
            await client.RaiseEventAsync(InstanceIds.ForBatch(batch), Events.WakeUp, "", cancellation);
        });
    }

    /// <summary>The batch may have been deleted while the command was written: then nobody would ever decide it, and it goes.</summary>
    /// <returns>Why it is not possible; <c>null</c> when it stands or was obeyed.</returns>
    private async Task<CommandReceipt?> TakeBackAsync(
        BatchRow row, CommandRow command, OperationRow pending, CancellationToken cancellation)
    {
        var now = await tables.Jobs.FindAsync<BatchRow>(row.PartitionKey, BatchRow.Key, cancellation);
        if (now is { State: not BatchState.Deleting } && now.Owns(command.Seed))
            return null;
        var changes = new RowChanges();
        changes.Delete(command);
        changes.Delete(pending);
        if (!await tables.Jobs.CommitAsync(changes, cancellation))
            return null;
        return now is not null && now.Owns(command.Seed) && CommandRules.Check(now, command) is { } refusal
            ? new CommandReceipt.Impossible(refusal)
            : new CommandReceipt.NoSuchBatch();
    }

    /// <summary>
    /// Whoever wrote the command may have died before the batch was woken, or may be this very call, whose write was done and
    /// answered only by its repetition.
    /// </summary>
    private async Task<CommandReceipt> RepeatAsync(
        BatchRow row, OperationRow known, CommandRequest request, DurableTaskClient client, CancellationToken cancellation)
    {
        var receipt = Repeated(known, request);
        if (receipt is CommandReceipt.Accepted && known.Status is OperationStatus.Pending)
            await WakeAsync(row, client, cancellation);
        return receipt;
    }

    private static CommandReceipt Repeated(OperationRow known, CommandRequest request) =>
        known.Kind == request.Kind && known.Arguments == request.Arguments
            ? new CommandReceipt.Accepted(OperationView.Of(known.RowKey[RowKeys.Operation("").Length..], known))
            : new CommandReceipt.Impossible(new(
                "operation_id_taken", $"That operation id stands for another command of this batch: {known.Kind}."));

    // Operation ids become row keys, which do not take every character.
    private static string IdOf(string operationId) =>
        operationId.Length <= 64 && operationId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? operationId
            : "key-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operationId)))[..24];
}
