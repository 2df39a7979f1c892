using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ClipiaFlows.Azurite.Tests.Commands;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class PlanTests(SharedStackFixture shared) : IDisposable
{
    private readonly RunningStack _stack = shared.Running;
    private readonly HttpClient _http = new() { BaseAddress = new(shared.Running.Local.AppUrl, "api/") };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task DryRun_Campaign_AsksOncePerDistinctInputSpendsNothingAndStartsNothing()
    {
        var before = await _stack.Emulator.LedgerAsync();
        var asked = await EstimatesAsync();
        var batches = await CountBatchesAsync();

        var first = await DryRunAsync(Campaigns.Spring());
        var second = await DryRunAsync(Campaigns.Spring());

        Assert.Equal(first.GetProperty("plan").GetString(), second.GetProperty("plan").GetString());
        Assert.Equal("complete", first.GetProperty("pricing").GetString());
        Assert.InRange(await EstimatesAsync() - asked, 0, first.GetProperty("groups").GetArrayLength() + 3);
        Assert.Equal(before.Entries.Count, (await _stack.Emulator.LedgerAsync()).Entries.Count);
        Assert.Equal(batches, await CountBatchesAsync());
    }

    [Fact]
    public async Task Start_WithTheHashOfADryRun_RunsAndAnotherHashIsRefused()
    {
        var manifest = Campaigns.Small(images: 2);
        var hash = (await DryRunAsync(manifest)).GetProperty("plan").GetString()!;

        using var other = await PostAsync("batches?plan=" + hash, Campaigns.Small(images: 3));
        using var right = await PostAsync("batches", manifest, ifMatch: hash);

        Assert.Equal(HttpStatusCode.PreconditionFailed, other.StatusCode);
        var problem = await other.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("plan_changed", hash), (problem.GetProperty("code").GetString(), problem.GetProperty("plan").GetProperty("agreed").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, right.StatusCode);
        Assert.True((await _stack.FinishAsync((await right.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!)).IsSuccess);
    }

    [Fact]
    public async Task Start_ManifestInTheContainerOfInputs_IsReadFromThere()
    {
        var blobs = new BlobContainerClient(_stack.Local.StorageConnectionString, "inputs");
        var name = $"campaigns/{Guid.NewGuid():N}.jsonl";
        await blobs.GetBlobClient(name).UploadAsync(BinaryData.FromString(
            """
            {"name":"From a blob","defaults":{"model":"nano-banana-2"}}
            {"id":"a","input":{"prompt":"one"}}
            {"id":"b","input":{"prompt":"two"}}
            """));

        using var missing = await PostAsync("batches", """{"manifestBlob":"nothing.json"}"""u8.ToArray());
        using var found = await PostAsync("batches", JsonSerializer.SerializeToUtf8Bytes(new { manifestBlob = name }));

        Assert.Equal("manifest_blob_not_found", (await missing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Accepted, found.StatusCode);
        var batch = await _stack.FinishAsync((await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        Assert.True(batch.IsSuccess);
        Assert.Equal(2, batch.Jobs.Total);
    }

    [Fact]
    public async Task Schema_Anonymously_IsTheOneOfTheSamples()
    {
        var served = await _http.GetStringAsync(new Uri("schema/manifest.json", UriKind.Relative));

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "samples", "manifest.schema.json")), served);
        Assert.Contains("\"$id\"", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_Command_ShowsATableThatFitsOrTheAppsAnswer()
    {
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "spring.json");
        await File.WriteAllBytesAsync(manifest, Campaigns.Spring());
        var url = _stack.Local.AppUrl.AbsoluteUri;

        var shown = await CliProcess.RunAsync(["plan", manifest, "--url", url], variables => variables["COLUMNS"] = "80");
        var json = await CliProcess.RunAsync(["plan", manifest, "--url", url, "--json"]);
        var hash = JsonDocument.Parse(json.Output).RootElement.GetProperty("plan").GetString()!;
        var run = await CliProcess.RunAsync(["run", manifest, "--url", url, "--plan", new string('0', 64)]);

        Assert.True(shown.ExitCode == 0, shown.Errors);
        Assert.Contains("flux-2-pro", shown.Output, StringComparison.Ordinal);
        Assert.Contains(hash, shown.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.All(shown.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(hash, run.Errors, StringComparison.Ordinal);
        run.HasNoStackTrace();
    }

    [Fact]
    public async Task Start_BrokenLines_TellsLineAndPointer()
    {
        using var answer = await PostAsync(
            "batches", Encoding.UTF8.GetBytes("""{"defaults":{"model":"nano-banana-2"}}""" + "\n" + """{"id":"a","count":0}"""), "application/x-ndjson");

        var problem = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problems")[0];
        Assert.Equal((2, "/jobs/0/count"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task Start_Warnings_AreInPlanAndAnswerAndAreRefusedWhenStrict()
    {
        var manifest = Doubtful();
        var batches = await CountBatchesAsync();

        var plan = await DryRunAsync(manifest);
        using var strictPlan = await PostAsync("batches?dryRun=true&strict=true", manifest);
        using var strict = await PostAsync("batches?strict=true", manifest);
        using var wrong = await PostAsync("batches?strict=yes", manifest);
        Assert.Equal(batches, await CountBatchesAsync());
        using var started = await PostAsync("batches?strict=false", manifest);

        var warnings = plan.GetProperty("warnings");
        Assert.Equal(
            [("default_not_taken", "/defaults/input/image_urls"), ("unknown_input", "/jobs/0/input/apsect_ratio"), ("wrong_extension", "/jobs/0/output/path")],
            warnings.EnumerateArray().Select(one => (one.GetProperty("code").GetString()!, one.GetProperty("pointer").GetString()!)).Order());
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (strictPlan.StatusCode, strict.StatusCode, wrong.StatusCode));
        foreach (var refused in new[] { strictPlan, strict })
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("warnings_refused", problem.GetProperty("code").GetString());
            Assert.Equal(warnings.GetRawText(), problem.GetProperty("warnings").GetRawText());
        }

        var accepted = await started.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.Accepted, warnings.GetRawText()), (started.StatusCode, accepted.GetProperty("warnings").GetRawText()));
        await _stack.FinishAsync(accepted.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task PlanAndRun_Commands_ShowWarningsAndRefuseThemWhenStrict()
    {
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "doubtful.json");
        await File.WriteAllBytesAsync(manifest, Doubtful());
        var url = _stack.Local.AppUrl.AbsoluteUri;
        var batches = await CountBatchesAsync();

        var plan = await CliProcess.RunAsync(["plan", manifest, "--url", url]);
        var strictPlan = await CliProcess.RunAsync(["plan", manifest, "--url", url, "--strict"]);
        var strictRun = await CliProcess.RunAsync(["run", manifest, "--url", url, "--strict", "--json"]);
        Assert.Equal(batches, await CountBatchesAsync());
        var run = await CliProcess.RunAsync(["run", manifest, "--url", url, "--json"]);

        Assert.Contains("Did you mean aspect_ratio?", plan.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal((0, 1, 1, 0), (plan.ExitCode, strictPlan.ExitCode, strictRun.ExitCode, run.ExitCode));
        Assert.Contains("/jobs/0/input/apsect_ratio", strictPlan.Errors, StringComparison.Ordinal);
        Assert.Equal("warnings_refused", JsonDocument.Parse(strictRun.Output).RootElement.GetProperty("code").GetString());
        Assert.Contains("Warning: /jobs/0/input/apsect_ratio: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(run.Output).RootElement.GetProperty("warnings").GetArrayLength());
    }

    private static byte[] Doubtful() => Encoding.UTF8.GetBytes($$"""
        {"name":"Doubtful","tags":{"n":"{{Guid.NewGuid():N}}"},"defaults":{"input":{"prompt":"p","image_urls":["http://127.0.0.1:9/a.png"]} },"jobs":[
         {"id":"a","model":"nano-banana-2","input":{"apsect_ratio":"16:9","image_urls":null},"output":{"path":"a.jpg"} },
         {"id":"b","model":"flux-2-pro"}]}
        """);

    private async Task<JsonElement> DryRunAsync(byte[] manifest)
    {
        using var answer = await PostAsync("batches?dryRun=true", manifest);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType = "application/json", string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{ifMatch}\""));
        return await _http.SendAsync(request);
    }

    private async Task<int> EstimatesAsync() => (await _stack.Emulator.GetAsync("calls?limit=1000")).GetProperty("calls").EnumerateArray()
        .Count(call => call.GetProperty("path").GetString()!.EndsWith("/estimate", StringComparison.Ordinal));

    private async Task<int> CountBatchesAsync() =>
        (await _http.GetFromJsonAsync<JsonElement>("batches?limit=1000")).GetProperty("batches").GetArrayLength();
}
