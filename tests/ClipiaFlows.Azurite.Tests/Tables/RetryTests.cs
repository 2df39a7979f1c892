using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Azurite.Tests.Tables;

/// <summary>Against a server that fails on purpose, which Azurite does not.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private static readonly TableClientOptions Quick = new() { Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1_100) } };

    private readonly ConcurrentQueue<(string Authorization, string Date, string Body)> _tries = [];
    private readonly Queue<int> _answers = new();
    private readonly WebApplication _server;

    public RetryTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task AddEntityAsync_ServerBusyOnce_TriesAgainSignedAnew()
    {
        _answers.Enqueue(503);
        _answers.Enqueue(204);

        await Table().AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        var tries = _tries.ToArray();
        Assert.Equal(2, tries.Length);
        Assert.NotEqual(tries[0].Date, tries[1].Date);
        Assert.NotEqual(tries[0].Authorization, tries[1].Authorization);
        Assert.Equal(tries[0].Body, tries[1].Body);
    }

    [Theory, InlineData(400), InlineData(412)]
    public async Task AddEntityAsync_DefiniteRefusal_IsNotTriedAgain(int status)
    {
        _answers.Enqueue(status);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Table().AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(status, refused.Status);
        Assert.Single(_tries);
        Assert.DoesNotContain("SharedKeyLite devstore", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitTransactionAsync_RefusedAsAWhole_ThrowsWithTheServiceCode()
    {
        _answers.Enqueue(409);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(
            () => Table().SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))]));

        Assert.Equal((409, "TableBeingDeleted"), (refused.Status, refused.ErrorCode));
    }

    [Fact]
    public async Task CreateIfNotExistsAsync_TableIsBeingDeleted_Throws()
    {
        _answers.Enqueue(409);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Table().CreateIfNotExistsAsync());

        Assert.Equal("TableBeingDeleted", refused.ErrorCode);
    }

    [Fact]
    public async Task GetEntityAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Table().GetEntityAsync<TableEntity>("p", "r", cancellationToken: cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Table().QueryAsync<TableEntity>(cancellationToken: cancelled.Token).ToListAsync());
    }

    private TableClient Table() => new(
        new Uri($"{_server.Urls.Single()}/devstoreaccount1"),
        "T",
        new TableSharedKeyCredential("devstoreaccount1", Cli.Stack.AzuriteProcess.AccountKey),
        Quick);

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        _tries.Enqueue((headers.Authorization.ToString(), headers["x-ms-date"].ToString(), await reader.ReadToEndAsync()));
        context.Response.StatusCode = _answers.Dequeue();
        if (context.Response.StatusCode == 409)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"Later."}}}""");
        }
    }
}
