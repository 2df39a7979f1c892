using Azure;
using ClipiaFlows.Media;
using ClipiaFlows.Starting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Stores;

/// <summary>Creates tables and containers at start-up, so that a wrong account is told at once and in one sentence.</summary>
public sealed class PrepareStorage(
    StorageAccount account,
    [FromKeyedServices(OutputOptions.Section)] Azure.Storage.Blobs.BlobServiceClient outputs,
    IOptions<OutputOptions> options,
    IOptions<InputOptions> inputs) : IHostedService
{
    /// <summary>The tables, by name.</summary>
    public static IReadOnlyList<string> TableNames { get; } = ["Jobs", "Batches", "Keys"];

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var table in TableNames)
                await account.Tables.GetTableClient(table).CreateIfNotExistsAsync(cancellationToken);
            foreach (var container in BlobNames.Containers.Append(inputs.Value.Container))
                await account.Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await outputs.GetBlobContainerClient(options.Value.Container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            throw new StorageUnreachableException(account.Tables.Uri, failure);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The configured storage account does not answer, or not to us. It says why once, not once per try.</summary>
public sealed class StorageUnreachableException(Uri address, Exception reason) : Exception(
    $"Storage at {address} cannot be used ({Reason(reason)}). Check {StorageAccount.Setting}, and that Azurite or the account is running.")
{
    private static string Reason(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Reason(first),
        RequestFailedException { Status: > 0 } answer => $"{answer.Status} {answer.ErrorCode}",
        { InnerException: { } deeper } => Reason(deeper),
        _ => failure.Message,
    };
}
