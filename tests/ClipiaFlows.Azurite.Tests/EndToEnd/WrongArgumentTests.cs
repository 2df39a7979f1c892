using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Arguments that look like others and must not be taken for them, least of all where credits are spent.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class WrongArgumentTests(SharedStackFixture shared) : IAsyncLifetime
{
    private readonly RunningStack _stack = shared.Running;
    private readonly HttpClient _http = new() { BaseAddress = new Uri(shared.Running.Local.AppUrl, "api/") };
    private Batch _failed = null!;

    public async Task InitializeAsync()
    {
        await _stack.Emulator.BehaveAsync();
        await _stack.Emulator.MisbehaveAsync(new { effect = "fail", first = 1 });
        _failed = await _stack.RunAsync(Campaigns.ImagesOnly(2));
        await _stack.Emulator.BehaveAsync();
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("retry?dryRun=1", "{}", "dryRun")]
    [InlineData("retry?dryRun=True", "{}", "dryRun")]
    [InlineData("retry", """{"jobs":["image-1","imgae-2"]}""", "'imgae-2'")]
    [InlineData("retry?dryRun=true", """{"jobs":["image-1","IMAGE-2"]}""", "'IMAGE-2'")]
    [InlineData("retry", """{"jobs":["image-1"],"jobs":["image-2"]}""", "/jobs")]
    [InlineData("retry", """{"buyAgain":"yes"}""", "/buyAgain")]
    [InlineData("retry?dryRun=true", """{"buyagain":true}""", "/buyagain")]
    public async Task Retry_WrongArgument_IsRefusedByNameAndNothingRuns(string command, string body, string named)
    {
        using var answer = await PostAsync(command, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, (await ProblemOf(answer)).GetProperty("title").GetString(), StringComparison.Ordinal);
        await NothingRunsAsync();
    }

    [Fact]
    public async Task Retry_BrokenJson_IsToldWhereAsEditorsCount()
    {
        using var answer = await PostAsync("retry", "{\n  \"jobs\": [}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var detail = (await ProblemOf(answer)).GetProperty("detail").GetString();
        Assert.StartsWith("The JSON is broken at line 2, column 12: ", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_OfASucceededJobAlone_IsAConflict()
    {
        var jobs = await _http.GetFromJsonAsync<JsonElement>($"batches/{_failed.Id}/jobs?state=Succeeded");
        var id = jobs.GetProperty("jobs")[0].GetProperty("id").GetString();

        using var answer = await PostAsync("retry", JsonSerializer.Serialize(new { jobs = new[] { id } }));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("nothing_to_retry", (await ProblemOf(answer)).GetProperty("code").GetString());
        await NothingRunsAsync();
    }

    [Fact]
    public async Task Retry_MoreIdsThanARowTakes_IsRefusedAndNotCalledStorageTrouble()
    {
        using var answer = await PostAsync("retry", JsonSerializer.Serialize(new { jobs = Enumerable.Range(0, 2000).Select(n => $"{new string('x', 90)}{n}") }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("30000", (await ProblemOf(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batches?continuation=zzz", "continuation")]
    [InlineData("batches?continuation=0000000000000000001", "continuation")]
    [InlineData("batches?state=Planning,Running", "state")]
    [InlineData("batches/{id}/jobs?state=Waiting&state=Ready", "state")]
    [InlineData("batches/{id}/jobs?state=1", "state")]
    public async Task List_WrongParameter_IsNotTakenForAnEmptyList(string path, string named)
    {
        using var answer = await _http.GetAsync(path.Replace("{id}", _failed.Id, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{named}'", (await ProblemOf(answer)).GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PlanAndIfMatchThatDiffer_StartsNeither()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"batches?plan={new string('a', 64)}")
        {
            Content = new ByteArrayContent(Campaigns.ImagesOnly(1)),
        };
        request.Headers.IfMatch.Add(new($"\"{new string('b', 64)}\""));

        using var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("If-Match", (await ProblemOf(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_AwaitingApproval_LinksToItsOutputs()
    {
        var batch = await _http.GetFromJsonAsync<JsonElement>($"batches/{_failed.Id}");

        Assert.Equal($"/api/batches/{_failed.Id}/gallery", batch.GetProperty("gallery").GetString());
        using var page = await _http.GetAsync(batch.GetProperty("gallery").GetString());
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    private async Task<HttpResponseMessage> PostAsync(string command, string body) =>
        await _http.PostAsync($"batches/{_failed.Id}/{command}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> ProblemOf(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private async Task NothingRunsAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        var batch = await _stack.App.GetBatchAsync(_failed.Id, default);
        Assert.Equal((_failed.State, 1), (batch.State, batch.Jobs.Failed));
    }
}
