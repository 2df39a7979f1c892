using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clipia;
using Clipia.Emulator;
using ClipiaFlows.Callbacks;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Media;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Planning;

/// <summary>What a dry run says, with prices and balance of the emulator.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VirtualTime _time = new();
    private readonly RecordingClient _client = new();
    private readonly Tables _tables = new(new InMemoryRowStore(), new InMemoryRowStore(), new InMemoryRowStore());
    private readonly InMemoryStateBlobs _blobs = new();
    private readonly UsualDurations _durations = new();
    private readonly InMemoryOutputStore _outputs = new();
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new();
    private readonly LimitOptions _limits = new();
    private Uri _baseUrl = new("https://api.clipia.ai");
    private EmulatorApi _emulator = null!;
    private ClipiaClient _clipia = null!;
    private KeyPacing _pacing = null!;
    private PlanPricing _pricing = null!;

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorApi.StartAsync(new EmulatorOptions { Time = _time, StrictInput = true });
        var options = new ClipiaClientOptions { BaseUrl = _emulator.BaseUrl, ApiKey = _emulator.LiveKey!, MaxAttempts = 1 };
        _clipia = new(_http, options, _time);
        _pacing = new(_tables, Options.Create(new PacingOptions()), Options.Create(options), _time);
        _pricing = new(new PriceList(_clipia, _pacing, _time), _time);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Run_Campaign_TellsPricesBalanceAndWhatStays()
    {
        var plan = await PlanAsync(Campaign(pictures: 20));

        Assert.Equal(("complete", 64), (plan.Pricing, plan.Plan!.Length));
        Assert.Equal((40, 20, 20), (plan.Counts.Total, plan.Counts.ByKind["image"], plan.Counts.ByKind["video"]));
        Assert.Equal((20 * (4 + 47), 0), (plan.Credits.Total, plan.Credits.Saved));
        Assert.Equal(plan.Credits.Balance - plan.Credits.Total, plan.Credits.BalanceAfter);
        Assert.Equal([("seedance-2-fast-i2v", 47m, 20), ("nano-banana-2", 4m, 20)], plan.Groups.Select(group => (group.Model, group.Credits!.Value, group.Jobs)));
        Assert.Equal("still-1", plan.Jobs[20].Needs.Single());
    }

    [Fact]
    public async Task Run_TwiceAndAtOnce_AsksForEachDistinctInputOnceAndSpendsNothing()
    {
        await Task.WhenAll(PlanAsync(Campaign(pictures: 30)), PlanAsync(Campaign(pictures: 30)));
        await PlanAsync(Campaign(pictures: 30));

        Assert.Equal(2, await CallsAsync("/estimate"));
        var ledger = await _http.GetFromJsonAsync<JsonElement>(new Uri(_emulator.BaseUrl, "/_local/ledger"));
        Assert.Equal(0, ledger.GetProperty("entries").GetArrayLength());
        Assert.Null(await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None));
        Assert.Empty(_client.Instances);
        Assert.Empty(_blobs.Blobs);
    }

    [Fact]
    public async Task Run_Problems_AreToldAndNothingIsAsked()
    {
        var outcome = await DryRun().RunAsync(Received("""{"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":5}}]}"""), new(0, 10), isStrict: false, None);

        Assert.Equal("/jobs/0/input/prompt", Assert.Single(outcome.Problems).Pointer);
        Assert.Equal(0, await CallsAsync("/estimate"));
    }

    [Fact]
    public async Task Run_MorePricesThanTheKeyAllowsAtOnce_AnswersWithSomeAndGoesOn()
    {
        var inputs =
            from aspect in new[] { "16:9", "9:16", "1:1" }
            from resolution in new[] { "480p", "720p" }
            from duration in Enumerable.Range(4, 12)
            select $$"""{"prompt":"p","image_url":"https://media.clipia.ai/a.png","aspect_ratio":"{{aspect}}","resolution":"{{resolution}}","duration":{{duration}} }""";
        var manifest = $$"""
            {"jobs": [{{string.Join(',', inputs.Select((input, n) => $$"""{"id":"j{{n}}","model":"seedance-2-fast-i2v","input":{{input}} }"""))}}]}
            """;

        var calls = 0;
        var unpriced = int.MaxValue;
        DryRunOutcome outcome;
        do
        {
            var running = DryRun().RunAsync(Received(manifest), new(0, 0), isStrict: false, None);
            while (!running.IsCompleted)
            {
                // Turns come within seconds; what is due later are time limits of calls, which must not end.
                await Task.WhenAny(running, Task.Delay(5));
                if (_time.NextDue is { } due && due - _time.GetUtcNow() < TimeSpan.FromSeconds(5))
                    _time.AdvanceTo(due);
            }

            outcome = await running;
            calls++;
            Assert.True(outcome.Plan!.Counts.Unpriced < unpriced);
            unpriced = outcome.Plan.Counts.Unpriced;
            Assert.Equal(unpriced > 0, outcome.Plan.Plan is null);
            Assert.Equal(unpriced > 0, outcome.GoOnAfter is not null);
        }
        while (outcome.GoOnAfter is not null);

        Assert.InRange(calls, 2, 20);
        Assert.Equal(72, await CallsAsync("/estimate"));
        Assert.True(outcome.Plan.Credits.Total > 0);
    }

    [Fact]
    public async Task Run_BudgetForSome_NamesTheJobsThatDoNotFit()
    {
        var plan = await PlanAsync("""
            {"policy":{"budgetCredits":13,"onBudget":"stop"},"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},
             "jobs":[{"id":"a"},{"id":"b","input":{"seed":1}},{"id":"c","input":{"seed":2}},{"id":"d","input":{"seed":3}},{"id":"late","priority":-9,"input":{"seed":4},"needs":["d"]}]}
            """);

        Assert.Equal((2, 8m, "stop"), (plan.OverBudget!.Jobs, plan.OverBudget.Credits, plan.OverBudget.OnBudget));
        Assert.Equal(["c", "late"], plan.OverBudget.First);
    }

    [Theory]
    [InlineData("never", 12, 0)]
    [InlineData("batch", 4, 8)]
    [InlineData("always", 4, 8)]
    public async Task Run_EqualJobs_TellsWhatReuseSaves(string reuse, decimal total, decimal saved)
    {
        var plan = await PlanAsync($$$"""
            {"policy":{"reuse":"{{{reuse}}}"},"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"jobs":[{"id":"a"},{"id":"b"},{"id":"c"}]}
            """);

        Assert.Equal((12m, saved, total), (plan.Credits.Estimated, plan.Credits.Saved, plan.Credits.Total));
        Assert.Equal((2, 8m, reuse), (plan.Duplicates!.Jobs, plan.Duplicates.Credits, plan.Duplicates.Reuse));
        Assert.Equal(("a", 2), (plan.Duplicates.Groups.Single().First, plan.Duplicates.Groups.Single().Jobs));
    }

    [Fact]
    public async Task Run_JobsThatTheApiRefuses_AreNamedWithTheReason()
    {
        var plan = await PlanAsync("""
            {"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"p"}},{"id":"b","model":"nano-banana-2","input":{"prompt":"p","unheard_of":1}}]}
            """, refusalsExpected: true);

        Assert.Equal(["b"], plan.Refused.Single().First);
        Assert.Equal(4, plan.Credits.Total);
    }

    [Fact]
    public async Task Run_KnownDurations_ForecastsFromThem()
    {
        _durations.Learn("nano-banana-2", TimeSpan.FromSeconds(10));
        _durations.Learn("seedance-2-fast-i2v", TimeSpan.FromSeconds(40));

        var plan = await PlanAsync(Campaign(pictures: 20, policy: """ "maxConcurrency": 5, "deadline": "PT1M" """));

        Assert.Equal((200, 50, true), (plan.Forecast.WorkSeconds, plan.Forecast.ChainSeconds, plan.Forecast.IsMeasured));
        Assert.Equal((5, 120), (plan.Forecast.Concurrency, plan.Forecast.RequestsPerMinute));
        Assert.InRange(plan.Forecast.ExpectedSeconds, 200, 250);
        Assert.Equal(["still-1", "clip-1"], plan.Forecast.CriticalPath);
        Assert.Equal((false, _time.GetUtcNow() + TimeSpan.FromMinutes(1)), (plan.Forecast.MeetsDeadline, plan.Forecast.Deadline));
    }

    [Fact]
    public async Task Durations_Kept_AreKnownToTheNextProcess()
    {
        _durations.Learn("a/b", TimeSpan.FromSeconds(10));
        await new DurationMemory(_tables, _durations).SaveAsync(None);
        var next = new UsualDurations();

        await new DurationMemory(_tables, next).LoadAsync(None);

        Assert.Equal(TimeSpan.FromSeconds(10), next.Of("a/b", isVideo: true).Mean);
    }

    [Fact]
    public async Task Run_TenThousandJobs_AnswersWithGroupsAndOnePage()
    {
        var plan = await PlanAsync(Campaign(pictures: 5000), new(200, 50));

        Assert.Equal((10_000, 2, 50), (plan.Counts.Total, plan.Groups.Count, plan.Jobs.Count));
        Assert.Equal((200, "250"), (plan.Jobs[0].N, plan.Continuation));
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(plan).Length, 1, 50_000);
    }

    [Fact]
    public async Task Start_WithTheHashOfTheDryRun_StartsWithItsPrices()
    {
        var hash = (await PlanAsync(Campaign(pictures: 3))).Plan;

        var outcome = await StartAsync(Campaign(pictures: 3), hash);

        var accepted = Assert.IsType<StartOutcome.Accepted>(outcome);
        var plan = await StoredPlan.ReadAsync(_blobs, accepted.Batch, None);
        Assert.Equal([4m, 4m, 4m, 47m, 47m, 47m], plan!.Jobs.Select(job => job.Credits!.Value));
        Assert.Equal(accepted, await StartAsync(Campaign(pictures: 3), hash));
    }

    [Fact]
    public async Task Start_ManifestThatNamesTheBatchWithoutGivingAnId_IsThePlanAgreedTo()
    {
        const string manifest = """{"jobs":[{"id":"a-{{batch}}","model":"nano-banana-2","input":{"prompt":"{{batch}}"}}]}""";
        var hash = (await PlanAsync(manifest)).Plan;

        var accepted = Assert.IsType<StartOutcome.Accepted>(await StartAsync(manifest, hash));

        var job = Assert.Single((await StoredPlan.ReadAsync(_blobs, accepted.Batch, None))!.Jobs);
        Assert.Equal(($"a-{accepted.Batch}", 4m), (job.Id, job.Credits!.Value));
    }

    [Fact]
    public async Task Run_ReuseAlways_CountsWhatEarlierBatchesMadeAndChainsOfIt()
    {
        await RememberAsync("nano-banana-2", """{"prompt":"Picture 1"}""", "still-1", sha256: "aa");
        await RememberAsync("seedance-2-fast-i2v", """{"prompt":"Clip 1","image_url":"sha256:aa"}""", "clip-1", sha256: "bb");

        var always = await PlanAsync(Campaign(pictures: 2, """ "reuse": "always" """));
        var never = await PlanAsync(Campaign(pictures: 2));

        Assert.Equal((2, 0), (always.Counts.Reused, never.Counts.Reused));
        Assert.Equal(never.Credits.Total / 2, always.Credits.Total);
        Assert.Equal(always.Credits.Estimated - always.Credits.Total, always.Credits.Saved);
    }

    private async Task RememberAsync(string model, string input, string path, string sha256)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(sha256));
        var file = await _outputs.SaveAsync("earlier", path, MediaType.Of("image/png"), new OutputIdentity(path, 1, 0), bytes, None);
        var url = new Uri($"http://127.0.0.1:9/{path}.png");
        var stored = new StoredOutput { Path = path, Url = url, ContentType = "image/png", Bytes = 2, Sha256 = file.Sha256 };
        var key = ReuseKey.Of(model, JsonElement.Parse(input.Replace("aa", _hashes.GetValueOrDefault("aa", "aa"), StringComparison.Ordinal)), 1);
        _hashes[sha256] = file.Sha256;
        await _tables.Batches.CommitAsync(
            RowChanges.Putting(new ReuseRow
            {
                PartitionKey = ReuseRow.Partition(null, key), RowKey = key, Batch = "earlier", JobId = path, Attempt = 1,
                OutputJson = $$"""{"images":[{"url":"{{url}}"}]}""", FilesJson = JsonSerializer.Serialize(new[] { stored }),
            }),
            None);
    }

    [Theory]
    [InlineData(""" "budgetCredits": 1000 """, 3)]
    [InlineData("", 4)]
    public async Task Start_WithTheHashOfAnotherPlan_IsRefusedWithBoth(string policy, int pictures)
    {
        var hash = (await PlanAsync(Campaign(pictures: 3))).Plan!;

        var outcome = await StartAsync(Campaign(pictures, policy), hash);

        var other = Assert.IsType<StartOutcome.OtherPlan>(outcome);
        Assert.Equal((hash, (await PlanAsync(Campaign(pictures, policy))).Plan), (other.Agreed, other.Now));
        Assert.Null(await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None));
        Assert.Empty(_client.Instances);
    }

    private static string Campaign(int pictures, string policy = "") => $$$"""
        {
          "id": "spring",
          "policy": { {{{policy}}} },
          "matrix": { "number": [{{{string.Join(',', Enumerable.Range(1, pictures))}}}] },
          "jobs": [
            { "id": "still-{{number}}", "model": "nano-banana-2", "input": { "prompt": "Picture {{number}}" } },
            { "id": "clip-{{number}}", "model": "seedance-2-fast-i2v",
              "input": { "prompt": "Clip {{number}}", "image_url": "${{ jobs.still-{{number}}.output.images[0].url }}" } }
          ]
        }
        """;

    private async Task<PlanView> PlanAsync(string manifest, PlanPage? page = null, bool refusalsExpected = false)
    {
        var outcome = await DryRun().RunAsync(Received(manifest), page ?? new(0, 100), isStrict: false, None);
        Assert.Empty(outcome.Problems);
        Assert.Null(outcome.GoOnAfter);
        Assert.Equal(refusalsExpected, outcome.Plan!.Refused.Count > 0);
        return outcome.Plan;
    }

    [Fact]
    public async Task RunAndStart_AsksForATargetThatTheAppDoesNotHave_IsAProblemAtItsPlace()
    {
        const string manifest = """
            {"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"p"}}],"notify":[{"eventGrid":true},{"webhook":"https://example.com/hook"}]}
            """;

        var planned = await DryRun().RunAsync(Received(manifest), new(0, 100), isStrict: false, None);
        var started = await StartAsync(manifest, plan: null);

        Assert.Equal(["/notify/0/eventGrid", "/notify/1/webhook"], planned.Problems.Select(problem => problem.Pointer));
        Assert.Equal(2, Assert.IsType<StartOutcome.Invalid>(started).Problems.Count);
    }

    [Fact]
    public async Task Run_SampleForApproval_IsNamedWithItsPrice()
    {
        var plan = await PlanAsync("""
            {"policy":{"approval":{"sample":3}},"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},
             "jobs":[{"id":"a","count":3},{"id":"b","model":"flux-2-pro","priority":5},{"id":"c","model":"seedance-2-fast-t2v","priority":-9}]}
            """);

        Assert.Equal(new PlanSample(3, 3 + 4 + 4), plan.Sample);
    }

    [Theory]
    [InlineData(""" "approval":{"sample":9} """)]
    [InlineData(""" "retries":1 """)]
    public async Task Run_NothingWaitsForApproval_HasNoSample(string policy) =>
        Assert.Null((await PlanAsync(Campaign(pictures: 2, policy))).Sample);

    [Fact]
    public async Task RunAndStart_UnknownAndEmptyInput_AreRefusedOrWarnedOf()
    {
        const string refused = """
            {"jobs":[{"id":"blank","model":"nano-banana-2","input":{"prompt":""}},
             {"id":"file","model":"nano-banana-2","input":{"prompt":"x","image_urls":["./in/shoe.png"]}},
             {"id":"inward","model":"nano-banana-2","input":{"prompt":"x","image_urls":["http://10.0.0.1/shoe.png"]}}]}
            """;

        var planned = await DryRun().RunAsync(Received(refused), new(0, 100), isStrict: false, None);
        var started = Assert.IsType<StartOutcome.Invalid>(await StartAsync(refused, plan: null));
        _baseUrl = _emulator.BaseUrl;
        var local = await DryRun().RunAsync(Received(refused), new(0, 100), isStrict: false, None);

        Assert.Equal(
            ["/jobs/0/input/prompt", "/jobs/1/input/image_urls/0", "/jobs/2/input/image_urls/0"], planned.Problems.Select(problem => problem.Pointer));
        Assert.Equal(planned.Problems, started.Problems);
        Assert.Equal(["/jobs/0/input/prompt", "/jobs/1/input/image_urls/0"], local.Problems.Select(problem => problem.Pointer));
    }

    [Fact]
    public async Task RunAndStart_Warnings_AreToldAndRefusedOnlyWhenStrict()
    {
        const string manifest = """{"id":"spring","jobs":[{"id":"a","model":"flux-2-pro","input":{"prompt":"x","apsect_ratio":"16:9"},"output":{"path":"a.jpg"}}]}""";

        var plan = await PlanAsync(manifest, refusalsExpected: true);
        var strictPlan = await DryRun().RunAsync(Received(manifest), new(0, 100), isStrict: true, None);
        var strictStart = await StartAsync(manifest, plan: null, isStrict: true);
        Assert.Null(await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None));
        var started = Assert.IsType<StartOutcome.Accepted>(await StartAsync(manifest, plan.Plan));
        var again = Assert.IsType<StartOutcome.Accepted>(await StartAsync(manifest, plan.Plan));

        Assert.Equal([("unknown_input", "aspect_ratio"), ("wrong_extension", "a.{{ext}}")], plan.Warnings.Select(one => (one.Code, one.Suggestion!)));
        Assert.Equal(plan.Warnings, started.Warnings);
        Assert.Equal(plan.Warnings, again.Warnings);
        Assert.Equal(plan.Warnings, Assert.IsType<StartOutcome.WarningsRefused>(strictPlan.Refusal).Warnings);
        Assert.Equal(plan.Warnings, Assert.IsType<StartOutcome.WarningsRefused>(strictStart).Warnings);
    }

    [Fact]
    public async Task RunAndStart_BudgetAboveTheLimit_IsRefusedWithBoth()
    {
        _limits.MaxBudgetCredits = 100;
        var manifest = Campaign(pictures: 3, """ "budgetCredits": 100.5 """);

        var planned = await DryRun().RunAsync(Received(manifest), new(0, 100), isStrict: false, None);
        var started = await StartAsync(manifest, plan: null);

        Assert.Equal(new StartOutcome.BudgetAboveLimit(100.5m, 100), planned.Refusal);
        Assert.Equal(planned.Refusal, started);
        Assert.Null(await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None));
    }

    [Fact]
    public async Task RunAndStart_NoBudget_GetsTheLimitAsItsOwn()
    {
        _limits.MaxBudgetCredits = 60;

        var plan = await PlanAsync(Campaign(pictures: 3));
        await StartAsync(Campaign(pictures: 3), plan.Plan);

        Assert.Equal(60, plan.Credits.Budget);
        Assert.NotNull(plan.OverBudget);
        Assert.Equal(60, (await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None))!.Budget);
    }

    [Fact]
    public async Task Start_AcceptedBeforeTheLimitWasLowered_IsTheBatchThatItWas()
    {
        var manifest = Campaign(pictures: 3, """ "budgetCredits": 500 """);
        var accepted = await StartAsync(manifest, plan: null);
        _limits.MaxBudgetCredits = 100;

        Assert.Equal(accepted, await StartAsync(manifest, plan: null));
        Assert.Equal(500, (await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None))!.Budget);
    }

    private Task<StartOutcome> StartAsync(string manifest, string? plan, bool isStrict = false) =>
        new BatchStarter(
            _tables, _blobs, NewCatalogue(), _pricing, BatchHarness.NewTargets(_time), Options.Create(new PacingOptions()), Options.Create(_limits), _time)
            .StartAsync(Received(manifest), null, plan, isStrict, _client, None);

    private DryRun DryRun() => new(
        NewCatalogue(), _pricing, _pacing, _clipia, _durations, new DurationMemory(_tables, _durations),
        new EarlierOutputs(new ReusableOutputs(_tables, _outputs, _time)),
        BatchHarness.NewTargets(_time), Options.Create(new CallbackOptions { PublicBaseUrl = new("http://127.0.0.1:1") }), Options.Create(_limits), _time);

    private Catalogue NewCatalogue() => new(_clipia, Options.Create(new ClipiaClientOptions { BaseUrl = _baseUrl }), _time);

    private async Task<int> CallsAsync(string ending)
    {
        var calls = await _http.GetFromJsonAsync<JsonElement>(new Uri(_emulator.BaseUrl, "/_local/calls?limit=1000"));
        return calls.GetProperty("calls").EnumerateArray()
            .Count(call => call.GetProperty("path").GetString()!.EndsWith(ending, StringComparison.Ordinal));
    }

    private static ReceivedManifest Received(string manifest) => ReceivedManifest.OfBytes(Encoding.UTF8.GetBytes(manifest));
}
