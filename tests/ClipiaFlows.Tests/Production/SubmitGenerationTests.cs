using System.Net.Http.Json;
using System.Text.Json;
using Clipia;
using Clipia.Emulator;
using ClipiaFlows.Callbacks;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>Submitting against the emulator, which counts the money.</summary>
public sealed class SubmitGenerationTests : IAsyncLifetime
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VirtualTime _time = new();
    private readonly LostAnswers _jobs = new(new InMemoryRowStore());
    private readonly Tables _tables;
    private readonly InMemoryStateBlobs _blobs = new();
    private readonly HttpClient _http = new();
    private EmulatorApi _emulator = null!;

    public SubmitGenerationTests() => _tables = new Tables(_jobs, new InMemoryRowStore(), new InMemoryRowStore());

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorApi.StartAsync(new EmulatorOptions { Time = _time, ImageSeconds = 3600 });
        await StandAsync(BatchState.Running);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Run_Accepted_RecordsRequestAndCost()
    {
        var job = await PlanAsync();

        var step = await SubmitAsync(job);

        var attempt = await AttemptAsync(job);
        Assert.Equal((JobStepKind.Generating, attempt.RequestId), (step.Kind, step.RequestId));
        Assert.Equal((JobState.Generating, 4m), (attempt.State, attempt.Cost));
        Assert.Null(attempt.UnknownSince);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_AgainAndBesideItself_PaysOnce()
    {
        var job = await PlanAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubmitAsync(job)));
        await SubmitAsync(job);

        Assert.Equal(1, await PaidAsync());
        Assert.NotNull((await AttemptAsync(job)).RequestId);
    }

    [Fact]
    public async Task Run_AnswerLostAfterAcceptance_FindsTheSameRequest()
    {
        await ScenarioAsync(new { effect = "reset_after", first = 1 });
        var job = await PlanAsync();

        var lost = await SubmitAsync(job);
        _time.Advance(TimeSpan.FromMinutes(1));
        var found = await SubmitAsync(job);

        Assert.Equal((JobStepKind.TryAgain, JobStepKind.Generating), (lost.Kind, found.Kind));
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_EveryAnswerOfStorageIsLost_IsSentAgainAllTheSame()
    {
        await ScenarioAsync(new { effect = "reset_after", first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        _jobs.Loses = _ => true;
        _time.Advance(TimeSpan.FromMinutes(1));

        var found = await SubmitAsync(job);

        Assert.Equal(JobStepKind.Generating, found.Kind);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_RefusedAfterAnAnswerWasLost_KeepsTheDoubtAboutTheFirstSend()
    {
        await ScenarioAsync(new { effect = "reset_after", first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        var since = (await AttemptAsync(job)).UnknownSince;
        Assert.NotNull(since);

        _time.Advance(TimeSpan.FromMinutes(1));
        await SubmitAsync(job, apiKey: "clipia_live_wrong");

        Assert.Equal(since, (await AttemptAsync(job)).UnknownSince);
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);
        Assert.Equal(JobState.Unresolved, (await AttemptAsync(job)).State);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_RefusedForGoodAfterAnAnswerWasLost_IsUnresolvedAndNotFailed()
    {
        await ScenarioAsync(new { effect = "reset_after", first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        await ScenarioAsync(new { effect = "server_error", status = 404, code = "not_found" });
        _time.Advance(TimeSpan.FromMinutes(1));

        var step = await SubmitAsync(job);

        var attempt = await AttemptAsync(job);
        Assert.Equal((JobStepKind.Ended, JobState.Unresolved, "not_found"), (step.Kind, attempt.State, attempt.Code));
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_CrashedBetweenFreezeAndAnswer_SendsTheSameBytes()
    {
        await ScenarioAsync(new { effect = "reset_after", first = 1 });
        var job = await PlanAsync("before");
        await SubmitAsync(job);
        var frozen = (await AttemptAsync(job)).Body;

        await PlanAsync("after");
        _time.Advance(TimeSpan.FromMinutes(1));
        var found = await SubmitAsync(job);

        Assert.Equal(JobStepKind.Generating, found.Kind);
        Assert.Equal(frozen, (await AttemptAsync(job)).Body);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_UnknownFor23Hours_IsUnresolvedAndNeverSentAgain()
    {
        await ScenarioAsync(new { effect = "reset_after" });
        var job = await PlanAsync();
        await SubmitAsync(job);

        _time.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(1));
        var step = await SubmitAsync(job);

        var attempt = await AttemptAsync(job);
        Assert.Equal((JobStepKind.Ended, JobState.Unresolved, "submission_unknown"), (step.Kind, attempt.State, attempt.Code));
        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);
    }

    [Fact]
    public async Task Run_ThrottledForDays_StaysSafeToSendBecauseNothingIsUnknown()
    {
        await ScenarioAsync(new { effect = "throttle", retry_after = 1, first = 1 });
        var job = await PlanAsync();

        var throttled = await SubmitAsync(job);
        _time.Advance(TimeSpan.FromDays(3));
        var accepted = await SubmitAsync(job);

        Assert.Equal((JobStepKind.TryAgain, JobStepKind.Generating), (throttled.Kind, accepted.Kind));
    }

    [Fact]
    public async Task Run_TestKey_ShowsTheCostAndChargesNothing()
    {
        var job = await PlanAsync();

        var step = await SubmitAsync(job, apiKey: _emulator.TestKey);
        var attempt = await AttemptAsync(job);
        attempt.OutputJson = "{}";
        await new AttemptStore(_tables, _time).EndAsync(attempt, JobState.Succeeded, null, null, failedUpstream: false, None);

        Assert.Equal((JobStepKind.Generated, 4m), (step.Kind, attempt.Cost));
        Assert.Equal("0", (await MarkerAsync(job))!.ChargedCredits);
    }

    [Fact]
    public async Task Run_InputRefused_FailsTheJobWithTheApisWords()
    {
        var job = await PlanAsync(input: """{"prompt":"a can","num_images":99}""");

        var step = await SubmitAsync(job);

        var attempt = await AttemptAsync(job);
        Assert.Equal((JobStepKind.Ended, JobState.Failed, "model_input_invalid"), (step.Kind, attempt.State, attempt.Code));
        Assert.Equal(MarkerKind.Done, (await MarkerAsync(job))!.Kind);
    }

    [Fact]
    public async Task Run_KeyRefused_AsksAdvanceToPauseAndKeepsTheJob()
    {
        var job = await PlanAsync();

        var step = await SubmitAsync(job, apiKey: "clipia_live_wrong");

        var marker = await MarkerAsync(job);
        Assert.Equal((JobStepKind.TryAgain, true), (step.Kind, step.News));
        Assert.Equal((MarkerKind.Blocked, "invalid_api_key"), (marker!.Kind, marker.Code));
        Assert.DoesNotContain("clipia_live_wrong", marker.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BatchPausedAfterARefusal_SendsNothingAndGivesTheClaimBack()
    {
        await ScenarioAsync(new { effect = "throttle", retry_after = 1, first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        await StandAsync(BatchState.Paused);
        _time.Advance(TimeSpan.FromMinutes(1));

        var step = await SubmitAsync(job);

        Assert.Equal(JobStepKind.Ended, step.Kind);
        Assert.Equal(MarkerKind.Returned, (await MarkerAsync(job))!.Kind);
        Assert.Equal(0, await PaidAsync());

        await StandAsync(BatchState.Running);
        // Until the return is counted and the job claimed anew, nothing is reserved for it.
        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);
        Assert.Equal(0, await PaidAsync());
        var settled = new RowChanges();
        settled.Delete((await MarkerAsync(job))!);
        await _tables.Jobs.CommitAsync(settled, None);
        Assert.Equal(JobStepKind.Generating, (await SubmitAsync(job)).Kind);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_ClaimGivenBackByAnOverlappingRun_SendsNothingUntilItIsClaimedAgain()
    {
        await ScenarioAsync(new { effect = "throttle", retry_after = 1, first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        await DropClaimAsync(leaveTail: false);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);
        Assert.Equal(0, await PaidAsync());
        Assert.False((await AttemptAsync(job)).HasEnded);

        await ClaimAsync();
        Assert.Equal(JobStepKind.Generating, (await SubmitAsync(job)).Kind);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_AbandonedWhileThrottledAndTheBatchRunsAgain_IsCancelledAndNotPaid()
    {
        await ScenarioAsync(new { effect = "throttle", retry_after = 1, first = 1 });
        var job = await PlanAsync();
        await SubmitAsync(job);
        await DropClaimAsync(leaveTail: true);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);

        Assert.Equal(JobState.Canceled, (await AttemptAsync(job)).State);
        Assert.Equal(MarkerKind.Done, (await MarkerAsync(job))!.Kind);
        Assert.Equal(0, await PaidAsync());
    }

    [Fact]
    public async Task Run_AbandonedJustAfterItWasClaimed_IsCancelledAndNotPaid()
    {
        var job = await PlanAsync();
        await DropClaimAsync(leaveTail: true);
        await StandAsync(BatchState.Canceled);

        Assert.Equal(JobStepKind.Ended, (await SubmitAsync(job)).Kind);

        Assert.Equal(JobState.Canceled, (await AttemptAsync(job)).State);
        Assert.Equal(0, await PaidAsync());
    }

    [Fact]
    public async Task Run_BatchDeletedMeanwhile_SendsNothingAndLeavesNothing()
    {
        var job = await PlanAsync();
        await DropClaimAsync(leaveTail: false);
        var row = await _tables.Jobs.FindAsync<JobRow>(Batch, RowKeys.Job(1), None);
        var changes = new RowChanges();
        changes.Delete(row!);
        await _tables.Jobs.CommitAsync(changes, None);

        var step = await SubmitAsync(job);

        Assert.Equal(JobStepKind.Ended, step.Kind);
        Assert.Null(await AttemptAsync(job));
        Assert.Equal(0, await PaidAsync());
    }

    [Fact]
    public async Task Run_BodyTooLargeForARow_IsFrozenInABlob()
    {
        var job = await PlanAsync(new string('a', 100_000));

        await SubmitAsync(job);

        var attempt = await AttemptAsync(job);
        Assert.Null(attempt.Body);
        Assert.Contains(attempt.BodyBlob!, _blobs.Blobs.Keys);
        Assert.Equal(1, await PaidAsync());
    }

    [Fact]
    public async Task Run_ReferencesAnUpstreamOutput_SendsItsFullQualityAddress()
    {
        await _tables.Jobs.CommitAsync(RowChanges.Putting(new JobRow
        {
            PartitionKey = Batch, RowKey = RowKeys.Job(0), Id = "hero", Attempt = 2,
        }), None);
        await _tables.Jobs.CommitAsync(RowChanges.Putting(new AttemptRow
        {
            PartitionKey = Batch, RowKey = RowKeys.Attempt(0, 2), Attempt = 2,
            OutputJson = """{"images":[{"url":"https://media.clipia.ai/a.webp","original_url":"https://media.clipia.ai/a.png"}]}""",
        }), None);
        var job = await PlanAsync(
            input: """{"prompt":"a can","image_url":"${{ jobs.hero.output.images[0].url }}"}""", model: "nano-banana-2", needs: [0]);

        await SubmitAsync(job);

        using var body = JsonDocument.Parse((await AttemptAsync(job)).Body);
        Assert.Equal(
            "https://media.clipia.ai/a.png", body.RootElement.GetProperty("input").GetProperty("image_url").GetString());
    }

    private async Task<JobStep> SubmitAsync(JobAttempt job, string? apiKey = null)
    {
        var clipia = Options.Create(new ClipiaClientOptions
        {
            BaseUrl = _emulator.BaseUrl, ApiKey = apiKey ?? _emulator.LiveKey!, MaxAttempts = 1,
        });
        using var pacing = new KeyPacing(_tables, Options.Create(new PacingOptions()), clipia, _time);
        var attempts = new AttemptStore(_tables, _time);
        var callbacks = new CallbackUrl(Options.Create(new CallbackOptions()));
        var submit = new SubmitGeneration(
            attempts,
            new FrozenRequests(
                attempts, _blobs, new UpstreamOutputs(_tables),
                new ReusableOutputs(_tables, new InMemoryOutputStore(), _time), callbacks, _time),
            new ApiRefusals(attempts, pacing, _time),
            new PollTimes(new UsualDurations(), callbacks, _time),
            pacing,
            new ClipiaClient(_http, clipia.Value, _time),
            clipia,
            _time,
            NullLogger<SubmitGeneration>.Instance);
        return await submit.RunAsync(job, None);
    }

    private async Task<JobAttempt> PlanAsync(
        string prompt = "a can on travertine", string? input = null, string model = "nano-banana-2", int[]? needs = null)
    {
        var planned = new PlannedJob
        {
            N = 1, Id = "job", Pointer = "/jobs/0", Model = model, Kind = "image", Needs = needs ?? [], Priority = 0, Weight = 0,
            Input = JsonDocument.Parse(input ?? JsonSerializer.Serialize(new { prompt })).RootElement,
            OutputPath = "job.{{ext}}", Variables = new Dictionary<string, string>(), Replica = 1,
        };
        using var plan = new MemoryStream();
        var lines = await PlanWriter.WriteAsync(plan, new Plan([planned], []), None);
        plan.Position = 0;
        await _blobs.PutAsync(BlobNames.Plan(Batch), plan, "application/x-ndjson", None);
        await _tables.Jobs.CommitAsync(RowChanges.Putting(new JobRow { PartitionKey = Batch, RowKey = RowKeys.Job(1), N = 1, Id = "job" }), None);
        await ClaimAsync();
        return new JobAttempt
        {
            Batch = Batch, N = 1, Attempt = 1, Seed = "seed", PlanOffset = lines[0].Offset, PlanLength = lines[0].Length,
            NotBefore = _time.GetUtcNow().UtcDateTime, ClaimedAt = _time.GetUtcNow().UtcDateTime, Estimate = 4,
        };
    }

    private Task<bool> StandAsync(BatchState state) => _tables.Jobs.CommitAsync(
        RowChanges.Putting(new BatchRow { PartitionKey = Batch, RowKey = BatchRow.Key, State = state }), None);

    private Task<bool> ClaimAsync() => _tables.Jobs.CommitAsync(
        RowChanges.Putting(new ActiveRow { PartitionKey = Batch, RowKey = RowKeys.Active(1), N = 1, Attempt = 1 }), None);

    private async Task DropClaimAsync(bool leaveTail)
    {
        var claim = await _tables.Jobs.FindAsync<ActiveRow>(Batch, RowKeys.Active(1), None);
        var changes = new RowChanges();
        changes.Delete(claim!);
        if (leaveTail)
            changes.Put(TailRow.Of(claim!, isLive: true, _time.GetUtcNow()));
        await _tables.Jobs.CommitAsync(changes, None);
    }

    private async Task<AttemptRow> AttemptAsync(JobAttempt job) =>
        (await _tables.Jobs.FindAsync<AttemptRow>(Batch, RowKeys.Attempt(job.N, job.Attempt), None))!;

    private Task<MarkerRow?> MarkerAsync(JobAttempt job) =>
        _tables.Jobs.FindAsync<MarkerRow>(Batch, RowKeys.Marker(job.N, job.Attempt), None);

    private async Task<int> PaidAsync()
    {
        var ledger = await _http.GetFromJsonAsync<JsonElement>(new Uri(_emulator.BaseUrl, "/_local/ledger"));
        return ledger.GetProperty("entries").GetArrayLength();
    }

    private async Task ScenarioAsync(object scenario)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(_emulator.BaseUrl, "/_local/scenarios"), scenario);
        answer.EnsureSuccessStatusCode();
    }
}
