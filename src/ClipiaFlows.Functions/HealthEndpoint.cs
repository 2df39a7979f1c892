using Azure;
using Azure.Storage.Blobs;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.Functions;

/// <summary>Whether the app can work. Anonymous: it tells nothing that is worth knowing.</summary>
public sealed class HealthEndpoint(Tables tables, StorageAccount account)
{
    /// <summary>200 when tables and blobs answer, 503 with what does not.</summary>
    [Function("health")]
    public async Task<IResult> Check(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        var checks = new Dictionary<string, string>
        {
            ["tables"] = await TryAsync(() => tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, "health", cancellationToken)),
            ["blobs"] = await TryAsync(() => ReadBlobsAsync(account.Blobs, cancellationToken)),
        };
        var healthy = checks.Values.All(check => check == "ok");
        return Answer.Json(new { status = healthy ? "ok" : "unavailable", checks }, healthy ? 200 : 503);
    }

    private static async Task ReadBlobsAsync(BlobServiceClient blobs, CancellationToken cancellation) =>
        await blobs.GetBlobContainerClient("manifests").ExistsAsync(cancellation);

    private static async Task<string> TryAsync(Func<Task> check)
    {
        try
        {
            await check();
            return "ok";
        }
        catch (Exception trouble) when (trouble is RequestFailedException or AggregateException)
        {
            return "unreachable";
        }
    }
}
