using System.Collections.Concurrent;
using System.Text.Json;
using Clipia;
using ClipiaFlows.Media;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>Copying outputs of several files, some of which cannot be had, from a media host on a real socket.</summary>
public sealed class CopyOutputsTests : IAsyncLifetime
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[200]];
    private readonly BatchHarness _flow = new();
    private readonly InMemoryOutputStore _outputs = new();
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, int> _statuses = new();
    private Func<string, Task>? _whenAsked;
    private byte[] _png = Png;
    private string? _result;
    private string? _retryAfter;
    private WebApplication _host = null!;
    private Uri _origin = null!;

    public async Task InitializeAsync()
    {
        _host = await LoopbackHost.StartAsync(host =>
        {
            host.MapGet("/v1/requests/{id}", (string id) =>
            {
                _asked.Enqueue("result");
                return _result is null
                    ? Results.StatusCode(404)
                    : Results.Text($$$"""{"request_id":"{{{id}}}","status":"COMPLETED","output":{{{WithOrigin(_result)}}},"cost":4}""", "application/json");
            });
            host.MapGet("/{name}", async (string name, HttpResponse response) =>
            {
                _asked.Enqueue(name);
                await (_whenAsked?.Invoke(name) ?? Task.CompletedTask);
                if (_retryAfter is not null)
                    response.Headers.RetryAfter = _retryAfter;
                return _statuses.TryGetValue(name, out var status) ? Results.StatusCode(status) : Results.Bytes(_png, "image/png");
            });
        });
        _origin = new Uri(_host.Urls.Single());
        await _flow.SeedAsync(Batch, [new SeedJob()]);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _http.Dispose();
        _flow.Dispose();
    }

    [Theory]
    [InlineData("""{"images":[{"url":"ORIGIN/a.png"},{"url":"https:///b.png"},{"url":"ORIGIN/c.png"}]}""", "output_missing", "images[1]")]
    [InlineData("""{"images":[{"url":"ORIGIN/a.png"},null,{"url":"ORIGIN/c.png"}]}""", "output_missing", "images[1]")]
    [InlineData("""{"images":[{"url":"ORIGIN/a.png"},{"url":"http://10.0.0.1/b.png"},{"url":"ORIGIN/c.png"}]}""", "media_address_refused", "images[1]")]
    [InlineData("""{"images":[{"url":"ORIGIN/a.png"},{"url":"ORIGIN/gone.png"},{"url":"ORIGIN/c.png"}]}""", "media_unavailable", "images[1]")]
    [InlineData("""{"cover":{"url":"ORIGIN/a.png"},"sheet":{"url":"file:///etc/passwd"},"back":"ORIGIN/c.png","seed":"7"}""", "output_missing", "sheet")]
    public async Task Run_OneOfThreeFilesCannotBeHad_FailsWithItsPlaceAndKeepsTheOthers(string output, string code, string place)
    {
        _statuses["gone.png"] = 410;
        await ArriveAsync(output);

        var step = await CopyToTheEndAsync();

        var attempt = await AttemptAsync();
        Assert.Equal(JobStepKind.Ended, step.Kind);
        Assert.Equal((JobState.Failed, code), (attempt.State, attempt.Code));
        Assert.Contains(place + ":", attempt.Message, StringComparison.Ordinal);
        Assert.Equal(["job-0.png", "job-0-3.png"], Stored(attempt));
        Assert.Equal([$"{Batch}/job-0-3.png", $"{Batch}/job-0.png"], _outputs.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_SeveralFilesCannotBeHad_NamesThemAll()
    {
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"},{"url":"https:///b.png"},{}],"video":{"url":"data:,"}}""");

        await CopyToTheEndAsync();

        var message = (await AttemptAsync()).Message!;
        Assert.All(["images[1]:", "images[2]:", "video:"], place => Assert.Contains(place, message, StringComparison.Ordinal));
        Assert.DoesNotContain("images[0]", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AFileComesLate_FetchesOnlyThatAgainAndSucceeds()
    {
        _statuses["b.png"] = 503;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"},{"url":"ORIGIN/b.png"},{"url":"ORIGIN/c.png"}]}""");

        var first = await CopyAsync();
        Assert.Equal((JobStepKind.TryAgain, 2), (first.Kind, Stored(await AttemptAsync()).Count));
        // What is stored need not be had again, and could not be.
        (_statuses["a.png"], _statuses["c.png"]) = (403, 403);
        _flow.Time.Advance(TimeSpan.FromSeconds(7));
        _statuses.TryRemove("b.png", out _);
        var second = await CopyAsync();

        var attempt = await AttemptAsync();
        Assert.Equal((JobStepKind.Ended, JobState.Succeeded), (second.Kind, attempt.State));
        Assert.Equal(["job-0.png", "job-0-2.png", "job-0-3.png"], Stored(attempt));
        Assert.Equal(["a.png", "b.png", "c.png", "result", "b.png"], _asked);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(425)]
    [InlineData(500)]
    public async Task Run_HostRefusesAtFirst_TriesAgainAndSucceeds(int status)
    {
        _statuses["a.png"] = status;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");

        for (var tries = 0; tries < 9; tries++)
        {
            var step = await CopyAsync();
            Assert.Equal(JobStepKind.TryAgain, step.Kind);
            _flow.Time.AdvanceTo(step.At!.Value);
        }

        _statuses.Clear();
        Assert.Equal(JobStepKind.Ended, (await CopyAsync()).Kind);
        var attempt = await AttemptAsync();
        Assert.Equal((JobState.Succeeded, null, null, null), (attempt.State, attempt.Code, attempt.Message, attempt.NextTryAt));
    }

    [Fact]
    public async Task Run_TheAddressHasExpired_FetchesFromWhereTheResultSaysNow()
    {
        _statuses["old.png"] = 403;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/old.png"}]}""");
        var step = await CopyAsync();
        _result = """{"images":[{"url":"ORIGIN/new.png"}]}""";
        _flow.Time.AdvanceTo(step.At!.Value);

        await CopyAsync();

        var attempt = await AttemptAsync();
        Assert.Equal((JobState.Succeeded, "job-0.png"), (attempt.State, Assert.Single(Stored(attempt))));
        Assert.Equal(["old.png", "result", "new.png"], _asked);
        Assert.Contains("new.png", attempt.OutputJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BeforeItsNextTryIsDue_AsksNobody()
    {
        _statuses["a.png"] = 403;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");
        var first = await CopyAsync();

        var second = await CopyAsync();

        Assert.Equal((JobStepKind.TryAgain, first.At), (second.Kind, second.At));
        Assert.Equal(["a.png"], _asked);
    }

    [Fact]
    public async Task Run_HostAsksToWait_WaitsForAsLongButNotForEver()
    {
        (_statuses["a.png"], _retryAfter) = (429, "120");
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");

        var step = await CopyAsync();
        Assert.Equal(_flow.Time.GetUtcNow().AddMinutes(2).UtcDateTime, step.At);
        _retryAfter = "864000";
        _flow.Time.AdvanceTo(step.At!.Value);
        Assert.Equal(_flow.Time.GetUtcNow().AddMinutes(30).UtcDateTime, (await CopyAsync()).At);
    }

    /// <summary>Between two tries the job keeps its claim and holds neither a slot nor a copy; Advance counts what its row says.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_AFileCannotBeFetched_GivesTheCopyBackUntilTheJobEnds(bool advanceSeesTheCopy)
    {
        await _flow.AdvanceAsync(Batch);
        _statuses["a.png"] = 403;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");
        if (advanceSeesTheCopy)
            _whenAsked = async _ => Assert.Equal((0, 1, 0), await CountsAsync());

        var step = await CopyAsync();

        Assert.True(step.News);
        Assert.Equal((0, 0, 1), await CountsAsync());
        var view = ClipiaFlows.Status.JobView.Of(await _flow.JobAsync(Batch, 0), await AttemptAsync());
        Assert.Equal((JobState.Copying, step.At, "media_unavailable"), (view.State, view.NextTryAt?.UtcDateTime, view.LastFailure?.Code));
        Assert.Null(view.Error);
        (_whenAsked, _statuses["a.png"]) = (null, 200);
        _statuses.Clear();
        _flow.Time.AdvanceTo(step.At!.Value);
        await CopyAsync();
        Assert.Equal((0, 0, 0), await CountsAsync());
        Assert.Equal((1, 4m, 0m), await _flow.BatchAsync(Batch) is var batch ? (batch.Succeeded, batch.Charged, batch.Reserved) : default);
    }

    [Fact]
    public async Task Run_FilesNeverCome_SaysThatTheyAreCollectedForNothing()
    {
        _statuses["a.png"] = 410;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");

        await CopyToTheEndAsync();

        var attempt = await AttemptAsync();
        Assert.StartsWith("images[0]: The media host answered 410. The generation is paid for: retry", attempt.Message, StringComparison.Ordinal);
        Assert.Contains("--buy-again", attempt.Message, StringComparison.Ordinal);
        Assert.True(attempt.IsCollectable);
    }

    [Fact]
    public async Task Run_AFileNeverComes_FailsAfterAsManyTriesAsForASingleFile()
    {
        _statuses["b.png"] = 503;
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"},{"url":"ORIGIN/b.png"},{"url":"https:///c.png"}]}""");

        var began = _flow.Time.GetUtcNow();
        await CopyToTheEndAsync();
        await CopyAsync();

        var attempt = await AttemptAsync();
        Assert.Equal((10, JobState.Failed, "media_unavailable"), (attempt.CopyTries, attempt.State, attempt.Code));
        Assert.Equal(["job-0.png"], Stored(attempt));
        Assert.Equal((10, 9), (_asked.Count(name => name == "b.png"), _asked.Count(name => name == "result")));
        Assert.InRange(_flow.Time.GetUtcNow() - began, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(70));
    }

    [Fact]
    public async Task Run_TheAnswerThatItWasRecordedIsLost_DoesTheSameAgain()
    {
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"},{"url":"https:///b.png"}]}""");
        var before = await AttemptAsync();
        await CopyAsync();
        var once = (await AttemptAsync()).FilesJson;
        // As though the process had died before the outcome was written.
        before.ETag = (await AttemptAsync()).ETag;
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(before), None);

        await CopyAsync();

        var attempt = await AttemptAsync();
        Assert.Equal((JobState.Failed, once), (attempt.State, attempt.FilesJson));
        Assert.Single(_outputs.Names);
    }

    [Fact]
    public async Task Run_MoreFilesThanTheRowTakes_FailsWithTheRestNamedInsteadOfNeverEnding()
    {
        await ArriveAsync($$"""{"images":[{{string.Join(',', Enumerable.Range(0, 200).Select(n => $$"""{"url":"ORIGIN/{{n}}.png"}"""))}}]}""");

        var step = await CopyAsync();

        var attempt = await AttemptAsync();
        Assert.Equal((JobStepKind.Ended, JobState.Failed, "output_too_long"), (step.Kind, attempt.State, attempt.Code));
        Assert.InRange(attempt.FilesJson!.Length, 20_000, 32_768);
        Assert.Equal(_outputs.Names.Count, Stored(attempt).Count);
        Assert.StartsWith($"images[{_outputs.Names.Count}]:", attempt.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ORIGIN/a.png", 200)]
    [InlineData("https:///a.png", 200)]
    [InlineData("https:///a.png", 410)]
    [InlineData("https:///a.png", 503)]
    public async Task Run_BatchIsDeletedMeanwhile_LeavesNoFileBehind(string first, int status)
    {
        await ArriveAsync($$"""{"images":[{"url":"{{first}}"},{"url":"ORIGIN/b.png"},{"url":"ORIGIN/c.png"}]}""");
        if (status != 200)
            _statuses["c.png"] = status;
        _whenAsked = async name =>
        {
            if (name != "c.png")
                return;
            var changes = new RowChanges();
            changes.Delete((await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, 1), None))!);
            changes.Delete(await _flow.JobAsync(Batch, 0));
            Assert.True(await _flow.Tables.Jobs.CommitAsync(changes, None));
        };

        var step = await CopyAsync();

        Assert.Equal(JobStepKind.TryAgain, step.Kind);
        Assert.Contains("b.png", _asked);
        Assert.Empty(_outputs.Names);
    }

    [Fact]
    public async Task Run_AReusedFileIsGone_FailsWithOnlyItsOwnFiles()
    {
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"},{"url":"ORIGIN/b.png"}]}""");
        await CopyAsync();
        var taken = await AttemptAsync();
        (taken.RowKey, taken.Attempt, taken.State, taken.ReusedFrom, taken.ETag) = (RowKeys.Attempt(0, 2), 2, JobState.Generating, "winter/job-0/1", default);
        await _outputs.SaveAsync("winter", "job-0.png", MediaType.Of("image/png"), new OutputIdentity("job-0", 1, 0), new MemoryStream(Png), None);
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Putting(taken), None);

        await CopyAsync(attempt: 2);

        var attempt = await AttemptAsync(attempt: 2);
        Assert.Equal((JobState.Failed, "reused_output_gone"), (attempt.State, attempt.Code));
        Assert.Equal(["job-0.png"], Stored(attempt));
    }

    /// <summary>The files of a deleted batch stay where they are, and a batch of the same id pays for its own.</summary>
    [Fact]
    public async Task Run_AFileOfADeletedBatchOfTheSameIdLiesThere_KeepsWhatWasPaidForNow()
    {
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");
        await CopyAsync(seed: "of-the-deleted-one");
        var deleted = Json(await AttemptAsync());
        _png = [.. Png, 1];
        await ArriveAsync("""{"images":[{"url":"ORIGIN/a.png"}]}""");

        await CopyAsync(seed: "of-this-one");

        var stored = Json(await AttemptAsync());
        Assert.Equal((deleted.Path, deleted.Bytes + 1), (stored.Path, stored.Bytes));
        Assert.True(await _outputs.HasAsync(Batch, stored.Path, stored.Sha256, None));
        StoredOutput Json(AttemptRow attempt) => Assert.Single(JsonSerializer.Deserialize<List<StoredOutput>>(attempt.FilesJson!)!);
    }

    [Theory]
    [InlineData("""{"images":[{"url":"https://media.clipia.ai/a.png"},{"url":"https:///b.png"}]}""", false)]
    [InlineData("""{"images":[]}""", false)]
    [InlineData("""{"images":[{"url":"https://media.clipia.ai/a.png"},{"url":"https://media.clipia.ai/b.png"}],"video":null,"seed":7}""", true)]
    public void TryTake_DeliveryWithAFileThatCannotBeRead_LeavesItToTheResultEndpoint(string output, bool isTaken)
    {
        var body = $$$"""{"request_id":"request-1","status":"OK","payload":{"model":"nano-banana-2","output":{{{output}}},"cost":4}}""";
        Assert.True(WebhookDelivery.TryParse(System.Text.Encoding.UTF8.GetBytes(body), out var delivery));
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        (attempt.Model, attempt.SubmittedAt) = ("nano-banana-2", _flow.Time.GetUtcNow());

        Assert.Equal(isTaken, new DeliveredResults(new UsualDurations(), _flow.Time).TryTake(delivery, attempt));
        Assert.Equal(isTaken, attempt.OutputJson is not null);
    }

    private async Task ArriveAsync(string output)
    {
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        attempt.JobId = "job-0";
        attempt.OutputPath = "job-0.{{ext}}";
        (attempt.State, attempt.RequestId, attempt.Cost) = (JobState.Generating, "request-1", 4);
        attempt.OutputJson = WithOrigin(output);
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Putting(attempt), None);
    }

    private string WithOrigin(string output) => output.Replace("ORIGIN", _origin.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    private async Task<(int Generating, int Copying, int RetryingCopy)> CountsAsync()
    {
        await _flow.AdvanceAsync(Batch);
        var batch = await _flow.BatchAsync(Batch);
        return (batch.Generating, batch.Copying, batch.RetryingCopy);
    }

    private async Task<JobStep> CopyToTheEndAsync()
    {
        while (true)
        {
            var step = await CopyAsync();
            if (step.Kind is not JobStepKind.TryAgain)
                return step;
            _flow.Time.AdvanceTo(step.At!.Value);
        }
    }

    /// <summary>A fresh activity, as after a restart.</summary>
    private Task<JobStep> CopyAsync(int attempt = 1, string seed = "")
    {
        var options = Options.Create(new MediaOptions());
        var source = new MediaSource(options, Options.Create(new ClipiaClientOptions { BaseUrl = _origin }));
        var copy = new CopyOutputs(
            _flow.Attempts, _flow.Blobs, new OutputFiles(_outputs, new MediaFetcher(_http, source, options)), new ReusableOutputs(_flow.Tables, _outputs, _flow.Time),
            new DeliveredResults(new UsualDurations(), _flow.Time),
            new CurrentResult(_flow.Pacing, new ClipiaClient(_http, new ClipiaClientOptions { ApiKey = "key", BaseUrl = _origin, MaxAttempts = 1 }, _flow.Time)),
            _flow.Time);
        return copy.RunAsync(BatchHarness.AttemptOf(Batch, 0, attempt) with { Seed = seed }, _flow.Client, None);
    }

    private async Task<AttemptRow> AttemptAsync(int attempt = 1) =>
        (await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, attempt), None))!;

    private static List<string> Stored(AttemptRow attempt) =>
        [.. JsonSerializer.Deserialize<List<StoredOutput>>(attempt.FilesJson ?? "[]")!.Select(file => file.Path)];
}
