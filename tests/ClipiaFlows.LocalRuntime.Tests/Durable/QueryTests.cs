using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class QueryTests
{
    [Fact]
    public async Task GetAllInstances_Pages_CoverEverythingNewestFirst()
    {
        await using var engine = await ThirtyAsync();

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in engine.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 7)).AsPages())
            pages.Add(page);

        Assert.Equal([7, 7, 7, 7, 2], pages.Select(page => page.Values.Count));
        Assert.Equal("b-29", pages[0].Values[0].InstanceId);
        Assert.Equal("a-00", pages[^1].Values[^1].InstanceId);
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task GetAllInstances_ContinuationToken_GoesOnWhereThePageEnded()
    {
        await using var engine = await ThirtyAsync();
        var query = new OrchestrationQuery(PageSize: 10);
        string? continuation = null;
        await foreach (var page in engine.Client.GetAllInstancesAsync(query).AsPages())
        {
            continuation = page.ContinuationToken;
            break;
        }

        var next = await IdsAsync(engine, query with { ContinuationToken = continuation });

        Assert.Equal(20, next.Count);
        Assert.Equal("b-19", next[0]);
    }

    [Fact]
    public async Task GetAllInstances_EveryFilter_SelectsWhatItSays()
    {
        await using var engine = await ThirtyAsync();
        var middle = (await engine.GetAsync("b-15")).CreatedAt;

        Assert.Equal(15, (await IdsAsync(engine, new(InstanceIdPrefix: "a-"))).Count);
        Assert.Equal(15, (await IdsAsync(engine, new(CreatedFrom: middle))).Count);
        Assert.Equal(16, (await IdsAsync(engine, new(CreatedTo: middle))).Count);
        Assert.Equal(30, (await IdsAsync(engine, new(Statuses: [OrchestrationRuntimeStatus.Completed]))).Count);
        Assert.Empty(await IdsAsync(engine, new(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Empty(await IdsAsync(engine, new(TaskHubNames: ["other"])));
        Assert.Empty(await IdsAsync(engine, new(InstanceIdPrefix: "%")));
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => IdsAsync(engine, new(ContinuationToken: "what")));
        Assert.Contains("'what' is not a continuation token of this client.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAllInstances_PrefixBeyondTheBasicPlane_SelectsWhatItSays()
    {
        await using var engine = await new EngineHarness().Orchestrator("flow", _ => Task.FromResult<object?>(null)).StartAsync();
        foreach (var id in new[] { "🦊-1", "🦊-2", "🦝-1", "f-1" }) await engine.RunAsync("flow", instanceId: id);

        Assert.Equal(["🦊-2", "🦊-1"], await IdsAsync(engine, new(InstanceIdPrefix: "🦊-")));
    }

    [Fact]
    public async Task GetAllInstances_FetchInputsAndOutputs_BringsThemOnlyWhenAsked()
    {
        await using var engine = await ThirtyAsync();

        await foreach (var found in engine.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)))
            Assert.Equal(found.InstanceId, found.ReadOutputAs<string>());
        await foreach (var found in engine.Client.GetAllInstancesAsync()) Assert.Null(found.SerializedOutput);
    }

    [Fact]
    public async Task ListInstanceIds_CompletedBetween_AreListedInPages()
    {
        await using var engine = await ThirtyAsync();

        var first = await engine.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], pageSize: 20);
        var second = await engine.Client.ListInstanceIdsAsync(pageSize: 20, lastInstanceKey: first.ContinuationToken);
        var none = await engine.Client.ListInstanceIdsAsync(completedTimeFrom: engine.Time.GetUtcNow().AddDays(1));

        Assert.Equal((20, 10, 0), (first.Values.Count, second.Values.Count, none.Values.Count));
    }

    private static async Task<List<string>> IdsAsync(EngineHarness engine, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var found in engine.Client.GetAllInstancesAsync(query)) ids.Add(found.InstanceId);
        return ids;
    }

    private static async Task<EngineHarness> ThirtyAsync()
    {
        var engine = new EngineHarness();
        engine.Orchestrator("id", context => Task.FromResult<object?>(context.InstanceId));
        await engine.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await engine.RunAsync("id", i, $"{(i < 15 ? 'a' : 'b')}-{i:00}");
            engine.Time.Advance(TimeSpan.FromMinutes(1));
        }

        return engine;
    }
}
