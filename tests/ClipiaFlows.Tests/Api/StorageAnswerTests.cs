using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Clipia;
using ClipiaFlows.Functions;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Api;

public sealed class StorageAnswerTests
{
    public static TheoryData<int, string> Refusals => new()
    {
        { 400, "RequestBodyTooLarge" }, { 400, "PropertyValueTooLarge" }, { 400, "InvalidInput" }, { 400, "OutOfRangeInput" }, { 400, "EntityTooLarge" }, { 413, "RequestBodyTooLarge" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task Get_StorageRefusesTheRequest_Is500AndNamesTheAnswer(int status, string code)
    {
        var answer = await GetAsync(new RequestFailedException(status, "secret contents", code, innerException: null));

        Assert.Equal((500, "storage_rejected"), (answer.Status, answer.Problem.GetProperty("code").GetString()));
        var detail = answer.Problem.GetProperty("detail").GetString();
        Assert.Contains($"{status} {code}", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("again in a moment", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RowIsTooLarge_Is500AndNamesTheProperty()
    {
        var answer = await GetAsync(new StorageRejectedException("Table Jobs cannot take a row: its property TagsJson has 40000 characters, and a property at most 32768."));

        Assert.Equal((500, "storage_rejected"), (answer.Status, answer.Problem.GetProperty("code").GetString()));
        Assert.Contains("TagsJson has 40000 characters", answer.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Get_StorageFailsForAWhile_Is503(int status)
    {
        var answer = await GetAsync(new RequestFailedException(status, "no", "ServerBusy", innerException: null));

        Assert.Equal((503, "storage_unavailable"), (answer.Status, answer.Problem.GetProperty("code").GetString()));
    }

    private static async Task<(int Status, JsonElement Problem)> GetAsync(Exception failure)
    {
        var store = new FailingStore(failure);
        var tables = new Tables(store, store, store);
        using var pacing = new KeyPacing(tables, Options.Create(new PacingOptions()), Options.Create(new ClipiaClientOptions()), TimeProvider.System);
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = body;

        var result = await new BatchEndpoints(new BatchQueries(tables, new WaitingReasons(tables, pacing, TimeProvider.System))).Get(context.Request, "spring", CancellationToken.None);
        await result.ExecuteAsync(context);

        return (context.Response.StatusCode, JsonElement.Parse(body.ToArray()));
    }

    private sealed class FailingStore(Exception failure) : IRowStore
    {
        public Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new() =>
            Task.FromException<T?>(failure);

        public IAsyncEnumerable<T> RangeAsync<T>(
            string partition, string from, string before, int? limit, CancellationToken cancellation,
            IReadOnlyList<string>? columns = null, IReadOnlyList<(string Column, string Value)>? where = null)
            where T : class, ITableEntity, new() => throw failure;

        public Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation) => Task.FromException<bool>(failure);
    }
}
