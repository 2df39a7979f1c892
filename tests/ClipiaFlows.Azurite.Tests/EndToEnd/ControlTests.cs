using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Steering batches over HTTP, with the emulator's ledger as the judge of what was paid.</summary>
public sealed class ControlTests(ControlTests.QuickStackFixture quick) : IClassFixture<ControlTests.QuickStackFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Effective = TimeSpan.FromSeconds(5);
    private readonly RunningStack _stack = quick.Running;
    private readonly HttpClient _http = new() { BaseAddress = new Uri(quick.Running.Local.AppUrl, "api/") };

    public Task InitializeAsync() => _stack.Emulator.BehaveAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _stack.Emulator.BehaveAsync();
    }

    /// <summary>A stack whose key may send as many requests as it likes.</summary>
    public sealed class QuickStackFixture : IAsyncLifetime
    {
        private RunningStack? _running;

        internal RunningStack Running => _running!;

        public async Task InitializeAsync() => _running = await RunningStack.StartAsync(requestsPerMinute: 3000);

        public async Task DisposeAsync() => await (_running?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task PauseAndResume_RunningBatch_AreEffectiveAtOnceAndLoseNothing()
    {
        var before = await _stack.Emulator.LedgerAsync();
        var batch = (await _stack.SubmitAsync(Manifest(40))).Id;
        await _stack.WhenAsync(batch, jobs => jobs.Succeeded > 3);

        var watch = Stopwatch.StartNew();
        await CommandAsync(batch, "pause");
        Assert.Equal("Paused", (await _stack.App.GetBatchAsync(batch, default)).State);
        Assert.True(watch.Elapsed < Effective, $"It took {watch.Elapsed}.");
        var rest = await _stack.WhenAsync(batch, jobs => jobs.Submitting + jobs.Generating + jobs.Copying == 0);
        var paid = (await _stack.Emulator.LedgerAsync()).Entries.Count;
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(paid, (await _stack.Emulator.LedgerAsync()).Entries.Count);
        Assert.True(rest.Jobs.Succeeded < 40);

        await CommandAsync(batch, "resume");
        await ChargedOnce.VerifyAsync(_stack, await _stack.FinishAsync(batch), before);
    }

    [Fact]
    public async Task Cancel_Drain_CollectsWhatIsPaidForAndNothingElse()
    {
        var batch = (await _stack.SubmitAsync(Manifest(40))).Id;
        await _stack.WhenAsync(batch, jobs => jobs.Succeeded > 3);

        await CommandAsync(batch, "cancel");

        var end = await _stack.FinishAsync(batch);
        Assert.Equal("Canceled", end.State);
        Assert.Equal(40, end.Jobs.Succeeded + end.Jobs.Canceled);
        Assert.Equal(end.Jobs.Succeeded * 4, end.Credits.Charged);
    }

    [Fact]
    public async Task Cancel_Abandon_EndsAtOnceAndTheChargesAreSettledLater()
    {
        await _stack.Emulator.MisbehaveAsync(new { effect = "slow", factor = 8 });
        var batch = (await _stack.SubmitAsync(Manifest(30))).Id;
        await _stack.WhenAsync(batch, jobs => jobs.Generating >= 5);

        await CommandAsync(batch, "cancel", new { mode = "abandon" });

        var end = await _stack.FinishAsync(batch);
        Assert.Equal(("Canceled", 30), (end.State, end.Jobs.Canceled + end.Jobs.Succeeded));
        var paid = end.Credits.Charged + (end.Raw.GetProperty("credits").GetProperty("committed").GetDecimal());
        Assert.True(paid > 0);
        await Eventually.TrueAsync(
            async () => await CommittedAsync(batch) == 0 && (await _stack.App.GetBatchAsync(batch, default)).Credits.Charged == paid,
            TimeSpan.FromSeconds(60), () => "What was abandoned is not settled.");
        await Eventually.TrueAsync(
            async () =>
            {
                var summary = await _http.GetFromJsonAsync<JsonElement>($"batches/{batch}/receipt/summary.json");
                return summary.GetProperty("batch").GetProperty("credits").GetProperty("charged").GetDecimal() == paid;
            },
            TimeSpan.FromSeconds(30), () => "The receipt does not say what was settled.");
    }

    [Fact]
    public async Task Retry_SevenOfHundredFailed_PricesAndRunsExactlySeven()
    {
        await _stack.Emulator.MisbehaveAsync(new { effect = "fail", first = 7 });
        var first = await _stack.RunAsync(Manifest(100));
        Assert.Equal(("CompletedWithFailures", 7, 93), (first.State, first.Jobs.Failed, first.Jobs.Succeeded));
        await _stack.Emulator.BehaveAsync();
        var before = await _stack.Emulator.LedgerAsync();

        using var quote = await _http.PostAsJsonAsync($"batches/{first.Id}/retry?dryRun=true", new { });
        var price = await quote.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((7, 28), (price.GetProperty("jobs").GetInt32(), price.GetProperty("credits").GetInt32()));
        var operation = await CommandAsync(first.Id, "retry");
        Assert.Equal("7 jobs run again, for 28 credits by the API's estimates.", operation.GetProperty("message").GetString());

        var end = await _stack.WhenAsync(first.Id, jobs => jobs.Succeeded == 100);
        end = await _stack.FinishAsync(first.Id);
        Assert.Equal("Completed", end.State);
        var paid = (await _stack.Emulator.LedgerAsync()).Entries.Where(entry => before.Entries.All(old => old.RequestId != entry.RequestId)).ToList();
        Assert.Equal((7, 28m), (paid.Count, paid.Sum(entry => entry.Cost)));
        Assert.Empty(paid.Select(entry => entry.IdempotencyKey).Intersect(before.Entries.Select(entry => entry.IdempotencyKey)));
        await ChargedOnce.VerifyFilesAsync(_stack, end, await _stack.ResultsAsync(first.Id));
    }

    [Fact]
    public async Task Budget_TooSmall_PausesWithoutOvershootAndGoesOnWithMore()
    {
        var batch = (await _stack.SubmitAsync(Manifest(12, new { budgetCredits = 22 }))).Id;

        var paused = await StateAsync(batch, "Paused");
        Assert.Equal((20m, 5), (paused.Credits.Charged, paused.Jobs.Succeeded));
        Assert.Contains("2 of 22 credits", paused.Raw.GetProperty("reason").GetString());

        using var refused = await _http.PostAsync($"batches/{batch}/resume", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await CommandAsync(batch, "resume", new { budgetCredits = 48 });
        var end = await _stack.FinishAsync(batch);
        Assert.Equal(("Completed", 48m), (end.State, end.Credits.Charged));
    }

    [Fact]
    public async Task Approval_SampleOfThree_WaitsAndReleasesTheRest()
    {
        var batch = (await _stack.SubmitAsync(Manifest(8, new { approval = new { sample = 3 } }))).Id;

        var waiting = await StateAsync(batch, "AwaitingApproval");
        Assert.Equal((3, 12m), (waiting.Jobs.Succeeded, waiting.Credits.Charged));

        await CommandAsync(batch, "approve");
        Assert.Equal(8, (await _stack.FinishAsync(batch)).Jobs.Succeeded);
    }

    [Fact]
    public async Task Reuse_FinishedManifestAgain_CostsNothingAndYieldsTheSameFiles()
    {
        var manifest = ReuseManifest("always");
        var first = await _stack.RunAsync(manifest("reuse-one"));
        Assert.Equal("Completed", first.State);
        var before = await _stack.Emulator.LedgerAsync();

        var second = await _stack.RunAsync(manifest("reuse-two"));

        Assert.Equal(("Completed", 0m), (second.State, second.Credits.Charged));
        Assert.Equal(before.Entries.Count, (await _stack.Emulator.LedgerAsync()).Entries.Count);
        var (made, taken) = (await _stack.ResultsAsync(first.Id), await _stack.ResultsAsync(second.Id));
        Assert.Equal(
            made.SelectMany(job => job.Outputs).Select(file => (file.Path, file.Sha256)).Order(),
            taken.SelectMany(job => job.Outputs).Select(file => (file.Path, file.Sha256)).Order());
        await ChargedOnce.VerifyFilesAsync(_stack, second, taken);
    }

    [Fact]
    public async Task Reuse_EqualJobsInOneBatch_PayOnce()
    {
        var before = await _stack.Emulator.LedgerAsync();
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            policy = new { reuse = "batch" },
            jobs = Enumerable.Range(1, 6).Select(n => new { id = $"same-{n}", model = "nano-banana-2", input = new { prompt = $"One of three {n % 3}" } }),
        });

        var batch = await _stack.RunAsync(manifest);

        Assert.Equal(("Completed", 12m), (batch.State, batch.Credits.Charged));
        Assert.Equal(before.Entries.Count + 3, (await _stack.Emulator.LedgerAsync()).Entries.Count);
        Assert.Equal(6, (await _stack.ResultsAsync(batch.Id)).SelectMany(job => job.Outputs).Select(file => file.Path).Distinct().Count());
    }

    [Fact]
    public async Task Delete_FinishedBatch_LeavesNoRowAndNoBlob()
    {
        var batch = await _stack.RunAsync(Manifest(5));
        using (var early = await _http.DeleteAsync("batches/no-such-batch"))
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);

        using var answer = await _http.DeleteAsync($"batches/{batch.Id}?outputs=true");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        await Eventually.TrueAsync(
            async () =>
            {
                using var gone = await _http.GetAsync($"batches/{batch.Id}");
                return gone.StatusCode is HttpStatusCode.NotFound;
            },
            TimeSpan.FromSeconds(30), () => "The batch is still there.");
        var blobs = new BlobServiceClient(_stack.Local.StorageConnectionString);
        foreach (var container in new[] { "manifests", "plans", "receipts", "outputs" })
            Assert.Empty(await blobs.GetBlobContainerClient(container).GetBlobsAsync(
                Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, batch.Id, default).ToListAsync());
    }

    [Fact]
    public async Task Two_BatchesTogether_ShareTheKeysSlotsFairly()
    {
        var ids = new[] { (await _stack.SubmitAsync(Manifest(60))).Id, (await _stack.SubmitAsync(Manifest(60))).Id };
        var served = new List<(double First, double Second)>();
        await Eventually.TrueAsync(
            async () =>
            {
                var both = await Task.WhenAll(ids.Select(id => _stack.App.GetBatchAsync(id, default)));
                // Counted from the moment at which both are under way until the first has nothing left to claim.
                if (both.All(batch => batch.Jobs.Ready is > 0 and < 60))
                    served.Add((60 - both[0].Jobs.Ready, 60 - both[1].Jobs.Ready));
                return both.Any(batch => batch.Jobs.Ready == 0 && batch.Jobs.Succeeded > 0);
            },
            TimeSpan.FromMinutes(2), () => "Neither batch is through.");

        var (first, second) = (served[^1].First - served[0].First, served[^1].Second - served[0].Second);
        var jain = Math.Pow(first + second, 2) / (2 * ((first * first) + (second * second)));
        Assert.True(jain >= 0.95, $"Jain's index is {jain:0.000}: {first} and {second} jobs were claimed.");
        foreach (var id in ids)
            Assert.Equal(60, (await _stack.FinishAsync(id)).Jobs.Succeeded);
    }

    private async Task<JsonElement> CommandAsync(string batch, string verb, object? arguments = null)
    {
        using var answer = await _http.PostAsJsonAsync($"batches/{batch}/{verb}", arguments ?? new { });
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var operation = await answer.Content.ReadFromJsonAsync<JsonElement>();
        await Eventually.TrueAsync(
            async () =>
            {
                operation = await _http.GetFromJsonAsync<JsonElement>(answer.Headers.Location);
                return operation.GetProperty("status").GetString() is not "Pending";
            },
            TimeSpan.FromSeconds(30), () => $"'{verb}' is not decided.");
        Assert.Equal("Done", operation.GetProperty("status").GetString());
        return operation;
    }

    private async Task<Batch> StateAsync(string batch, string state)
    {
        var now = await _stack.App.GetBatchAsync(batch, default);
        await Eventually.TrueAsync(
            async () => (now = await _stack.App.GetBatchAsync(batch, default)).State == state,
            TimeSpan.FromSeconds(60), () => $"The batch is {now.State}.");
        return now;
    }

    private async Task<decimal> CommittedAsync(string batch) =>
        (await _stack.App.GetBatchAsync(batch, default)).Raw.GetProperty("credits").GetProperty("committed").GetDecimal();

    private static byte[] Manifest(int jobs, object? policy = null) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = "Control",
        policy = policy ?? new { },
        jobs = Enumerable.Range(1, jobs).Select(n => new { id = $"image-{n}", model = "nano-banana-2", input = new { prompt = $"Control {n}" } }),
    });

    private static Func<string, byte[]> ReuseManifest(string reuse) => id => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id,
        policy = new { reuse },
        jobs = new object[]
        {
            new { id = "still", model = "nano-banana-2", count = 2, input = new { prompt = "A lighthouse for reuse", num_images = 2 } },
            new
            {
                id = "clip", model = "seedance-2-fast-i2v",
                input = new { prompt = "Waves", image_url = "${{ jobs.still-1.output.images[0].url }}", duration = 5, resolution = "480p" },
            },
        },
    });
}
