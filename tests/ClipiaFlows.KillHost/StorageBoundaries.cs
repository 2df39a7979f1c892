using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using ClipiaFlows.Stores;

namespace ClipiaFlows.KillHost;

/// <summary>Every request to storage that is not only a reading one, each try of the client library by itself.</summary>
internal sealed class StorageBoundaries(Boundaries boundaries) : HttpPipelinePolicy
{
    /// <summary>The clients of the account, watched.</summary>
    public static StorageAccount Watch(string connection, Boundaries boundaries)
    {
        var policy = new StorageBoundaries(boundaries);
        return new(
            new BlobServiceClient(connection, With(new BlobClientOptions(), policy)),
            new TableServiceClient(connection, With(new TableClientOptions(), policy)));
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The app calls storage asynchronously only.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = message.Request;
        if (request.Method == RequestMethod.Get || request.Method == RequestMethod.Head)
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        var what = $"{request.Method} {Shape(request.Uri)}";
        boundaries.Pass(CommitPoint.Before, what);
        await ProcessNextAsync(message, pipeline);
        boundaries.Pass(CommitPoint.After, what);
    }

    private static T With<T>(T options, HttpPipelinePolicy policy)
        where T : ClientOptions
    {
        options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        return options;
    }

    // Without the account, without ids, with what tells a block from a blob.
    private static string Shape(RequestUriBuilder uri)
    {
        var path = uri.Path.TrimStart('/').Split('/');
        var query = uri.Query ?? "";
        var part = query.Contains("comp=blocklist", StringComparison.Ordinal) ? "?comp=blocklist"
            : query.Contains("comp=block", StringComparison.Ordinal) ? "?comp=block" : "";
        return path.ElementAtOrDefault(1)?.Split('(')[0] + part;
    }
}
