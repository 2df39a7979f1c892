using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClipiaFlows.Delivery;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Delivery;

public sealed partial class ReceiptTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Write_MixedOutcomes_SplitsThemAndAddsUp()
    {
        await SeedAsync(batch => batch.Charged = 9);

        var summary = await WriteAsync();

        var (succeeded, errors) = (Lines("results.jsonl"), Lines("errors.jsonl"));
        Assert.Equal(["job-0"], succeeded.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(["job-1", "job-2"], errors.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal("content_policy", errors[0].GetProperty("error").GetProperty("code").GetString());
        var output = succeeded[0].GetProperty("outputs")[0];
        Assert.Equal(("image/png", 12L, 640, 480), (
            output.GetProperty("contentType").GetString(), output.GetProperty("bytes").GetInt64(),
            output.GetProperty("width").GetInt32(), output.GetProperty("height").GetInt32()));
        Assert.Equal(64, output.GetProperty("sha256").GetString()!.Length);
        Assert.Equal(("request-0", "key-0", "number 0", "nano-banana-2", 9m, "winter/job-3"), (
            Text("requestId"), Text("idempotencyKey"), Text("prompt"), Text("model"), succeeded[0].GetProperty("cost").GetDecimal(), Text("reusedFrom")));
        Assert.True(summary.GetProperty("reconciliation").GetProperty("matches").GetBoolean(), summary.ToString());
        Assert.Equal(9, summary.GetProperty("batch").GetProperty("credits").GetProperty("charged").GetDecimal());
        Assert.Equal(1234.5m, summary.GetProperty("account").GetProperty("balanceCredits").GetDecimal());
        Assert.Equal(4, summary.GetProperty("files").GetArrayLength());
        string? Text(string name) => succeeded[0].GetProperty(name).GetString();
    }

    [Fact]
    public async Task Write_BatchSaysAnotherSumThanItsJobs_IsToldAndNotHidden()
    {
        await SeedAsync(batch => batch.Charged = 10);

        var reconciliation = (await WriteAsync()).GetProperty("reconciliation");

        Assert.False(reconciliation.GetProperty("matches").GetBoolean());
        Assert.Contains("the batch says 10, its jobs add up to 9", reconciliation.GetProperty("differences")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_Again_ReplacesEveryFile()
    {
        await SeedAsync(batch => batch.Charged = 9);
        await WriteAsync();
        var job = await _harness.JobAsync(Batch, 1);
        (job.State, job.Code) = (JobState.Succeeded, null);
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Putting(job), None);

        await WriteAsync();

        Assert.Equal(2, Lines("results.jsonl").Count);
        Assert.Single(Lines("errors.jsonl"));
    }

    [Fact]
    public async Task Write_TextOfStrangers_EndsNeitherScriptNorCell()
    {
        await SeedAsync(
            batch => (batch.Charged, batch.Name) = (9, "</title><script>alert(1)</script>"),
            """=HYPERLINK("http://evil.example")</script><script>alert(2)</script><!--""");

        await WriteAsync();

        var page = Stored("gallery.html");
        Assert.Equal(2, ScriptTag().Count(page));
        Assert.Contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        var data = JsonElement.Parse(Between(page, "id=\"data\">", "</script>"));
        Assert.StartsWith("=HYPERLINK", data.GetProperty("jobs")[0].GetProperty("prompt").GetString(), StringComparison.Ordinal);
        Assert.Contains(",\"'=HYPERLINK", Stored("results.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gallery_RunningBatch_ShowsWhatThereIs()
    {
        await SeedAsync(batch => batch.State = BatchState.Running);
        var gallery = new Gallery(_harness.Tables, new Results(new JobQueries(_harness.Tables), _harness.Blobs, BatchHarness.Links), _harness.Blobs);

        using var page = new MemoryStream();
        await (await gallery.FindAsync(Batch, None))!(page);

        var data = JsonElement.Parse(Between(Encoding.UTF8.GetString(page.ToArray()), "id=\"data\">", "</script>"));
        Assert.Equal("Running", data.GetProperty("batch").GetProperty("state").GetString());
        Assert.Null(await gallery.FindAsync("unknown", None));
    }

    private async Task SeedAsync(Action<BatchRow> configure, string? prompt = null)
    {
        await _harness.SeedAsync(Batch, [new SeedJob(), new SeedJob(), new SeedJob()], batch =>
        {
            batch.Name = "Spring";
            batch.State = BatchState.CompletedWithFailures;
            configure(batch);
        });
        if (prompt is not null)
        {
            var plan = Encoding.UTF8.GetString(_harness.Blobs.Blobs[BlobNames.Plan(Batch)]);
            _harness.Blobs.Blobs[BlobNames.Plan(Batch)] =
                Encoding.UTF8.GetBytes(plan.Replace("\"number 0\"", JsonSerializer.Serialize(prompt), StringComparison.Ordinal));
        }

        var row = await _harness.BatchAsync(Batch);
        (row.Ready, row.Succeeded, row.Failed, row.Skipped) = (0, 1, 1, 1);
        var changes = RowChanges.Putting(row);
        changes.Put(await EndedAsync(0, JobState.Succeeded, 9));
        changes.Put(await EndedAsync(1, JobState.Failed, 0, "content_policy"));
        changes.Put(await EndedAsync(2, JobState.Skipped, 0, "needed_job_not_succeeded"));
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        (attempt.RequestId, attempt.IdempotencyKey, attempt.ReusedFrom) = ("request-0", "key-0", "winter/job-3");
        attempt.FilesJson = JsonSerializer.Serialize(new[]
        {
            new StoredOutput
            {
                Path = "a/b.png", Url = new Uri("https://account.example/outputs/spring/a/b.png"), ContentType = "image/png", Bytes = 12,
                Sha256 = new string('b', 64), Width = 640, Height = 480,
            },
        });
        changes.Put(attempt);
        Assert.True(await _harness.Tables.Jobs.CommitAsync(changes, None));
    }

    private async Task<JobRow> EndedAsync(int n, JobState state, decimal charged, string? code = null)
    {
        var job = await _harness.JobAsync(Batch, n);
        (job.State, job.Charged, job.Code, job.FinishedAt) = (state, charged, code, _harness.Time.GetUtcNow());
        return job;
    }

    private async Task<JsonElement> WriteAsync()
    {
        var receipt = new Receipt(
            new Results(new JobQueries(_harness.Tables), _harness.Blobs, BatchHarness.Links), _harness.Blobs, new TargetQueries(_harness.Tables), _harness.Time);
        var account = new AccountStatement { AskedAt = _harness.Time.GetUtcNow(), BalanceCredits = 1234.5m };
        await receipt.WriteAsync(await _harness.BatchAsync(Batch), account, None);
        return JsonElement.Parse(Stored("summary.json"));
    }

    private string Stored(string file) => Encoding.UTF8.GetString(_harness.Blobs.Blobs[BlobNames.Receipt(Batch, file)]);

    private List<JsonElement> Lines(string file) =>
        [.. Stored(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    private static string Between(string text, string before, string after) =>
        text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..] is var rest ? rest[..rest.IndexOf(after, StringComparison.Ordinal)] : "";

    [GeneratedRegex("<script")]
    private static partial Regex ScriptTag();
}
