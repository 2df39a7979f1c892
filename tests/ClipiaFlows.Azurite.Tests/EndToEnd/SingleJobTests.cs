using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary><c>POST /api/jobs</c>: a batch of one.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class SingleJobTests(SharedStackFixture shared) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = shared.Running.Local.AppUrl };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Post_OneJobTwiceUnderOneKey_IsOneBatchAndOneCharge()
    {
        var stack = shared.Running;
        var before = await stack.Emulator.LedgerAsync();
        var job = new { model = "nano-banana-2", input = new { prompt = "one fox" }, output = new { path = "fox.{{ext}}" } };

        using var first = await PostAsync(job, "single-job-key");
        using var again = await PostAsync(job, "single-job-key");
        using var other = await PostAsync(job with { input = new { prompt = "another fox" } }, "single-job-key");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Conflict), (first.StatusCode, again.StatusCode, other.StatusCode));
        Assert.EndsWith("/api/batches/single-job-key", first.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        var batch = await stack.FinishAsync("single-job-key");
        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        Assert.Equal(before.Entries.Count + 1, (await stack.Emulator.LedgerAsync()).Entries.Count);
        var result = Assert.Single(await stack.ResultsAsync(batch.Id));
        Assert.Equal("job", result.Id);
    }

    [Fact]
    public async Task Post_WrongJob_IsRefusedByPointersIntoTheJob()
    {
        using var refused = await PostAsync(new { model = "nano-bananna-2", input = new { prompt = 7 }, outputs = 1 }, "never");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problems = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problems").EnumerateArray();
        Assert.Equal(["/model", "/outputs"], problems.Select(problem => problem.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"model\":")]
    [InlineData("")]
    public async Task Post_NoJob_IsRefused(string body)
    {
        using var content = new StringContent(body);
        using var refused = await _http.PostAsync(new Uri("api/jobs", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("invalid_job", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_WithName_NamesTheBatchInLists()
    {
        var job = new { name = "Row 7: Mühle & co", model = "nano-banana-2", input = new { prompt = "a mill" } };

        using var started = await PostAsync(job, "named-job");

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var found = await _http.GetFromJsonAsync<JsonElement>(new Uri("api/batches?name=row%207", UriKind.Relative));
        var batch = Assert.Single(found.GetProperty("batches").EnumerateArray().ToList());
        Assert.Equal(("named-job", job.name), (batch.GetProperty("id").GetString(), batch.GetProperty("name").GetString()));
        await shared.Running.FinishAsync("named-job");
        var stored = await _http.GetFromJsonAsync<JsonElement>(new Uri("api/batches/named-job/jobs", UriKind.Relative));
        var output = stored.GetProperty("jobs")[0].GetProperty("outputs")[0];
        using var file = await _http.GetAsync(new Uri(output.GetProperty("url").GetString()!));
        Assert.Equal((HttpStatusCode.OK, output.GetProperty("bytes").GetInt64()), (file.StatusCode, (await file.Content.ReadAsByteArrayAsync()).LongLength));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"two\\nlines\"")]
    [InlineData("null")]
    [InlineData("\"a\", \"name\": \"b\"")]
    public async Task Post_WrongName_IsRefusedAtTheName(string name)
    {
        using var content = new StringContent(
            $$"""{"name": {{name}}, "model": "nano-banana-2", "input": {"prompt": "p"} }""", System.Text.Encoding.UTF8, "application/json");
        using var refused = await _http.PostAsync(new Uri("api/jobs", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problems = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problems").EnumerateArray();
        Assert.Equal("/name", Assert.Single(problems.ToList()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Post_DryRun_AnswersThePriceAndStartsNothing()
    {
        using var content = JsonContent.Create(new { model = "nano-banana-2", input = new { prompt = "one fox" } });
        using var answer = await _http.PostAsync(new Uri("api/jobs?dryRun=true", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("counts").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Post_WarningsAndStrict_AreToldByPointersIntoTheJob()
    {
        using var content = JsonContent.Create(new { model = "nano-banana-2", input = new { prompt = "one fox", sede = 7 } });
        using var plan = await _http.PostAsync(new Uri("api/jobs?dryRun=true", UriKind.Relative), content);
        using var strict = await _http.PostAsync(new Uri("api/jobs?strict=true", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, strict.StatusCode);
        var problem = await strict.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("warnings_refused", problem.GetProperty("code").GetString());
        var warnings = (await plan.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("warnings");
        Assert.All(new[] { warnings, problem.GetProperty("warnings") }, all =>
            Assert.Equal(("/input/sede", "seed"), (all[0].GetProperty("pointer").GetString(), all[0].GetProperty("suggestion").GetString())));
    }

    private async Task<HttpResponseMessage> PostAsync(object job, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/jobs") { Content = JsonContent.Create(job) };
        request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request);
    }
}
