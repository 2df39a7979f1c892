using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ClipiaFlows.Cli.Commands;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Names that are not ASCII, through everything that has to do with them.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class OtherScriptsTests(SharedStackFixture shared) : IAsyncLifetime
{
    private readonly RunningStack _stack = shared.Running;

    public Task InitializeAsync() => _stack.Emulator.BehaveAsync();

    public Task DisposeAsync() => _stack.Emulator.BehaveAsync();

    [Fact]
    public async Task Campaign_WithPathsOfManyScripts_IsStoredServedAndDownloaded()
    {
        const string manifest = """
            {
              "name": "夏 & été", "tags": { "city": "東京" },
              "matrix": { "city": ["東京", "São Paulo", "Łódź", "القاهرة"] },
              "defaults": { "model": "nano-banana-2" },
              "jobs": [{
                "id": "poster-{{city}}", "input": { "prompt": "{{city}} at night, =1+1" },
                "output": { "path": "Größe & Form/{{city}}/poster.{{ext}}" }
              }]
            }
            """;
        string[] paths = [.. new[] { "東京", "São-Paulo", "Łódź", "القاهرة" }.Select(city => $"Größe - Form/{city}/poster.png")];

        var batch = await _stack.RunAsync(Encoding.UTF8.GetBytes(manifest));

        Assert.True(batch.IsSuccess, batch.Reason);
        var results = await _stack.ResultsAsync(batch.Id);
        Assert.All(results, job => Assert.True(Ascii.IsValid(job.Id)));
        Assert.Equal(paths, results.SelectMany(job => job.Outputs).Select(output => output.Path));
        var blobs = new BlobContainerClient(_stack.Local.StorageConnectionString, "outputs").GetBlobsAsync(new() { Prefix = batch.Id + "/" });
        Assert.Equal(
            paths.Select(path => $"{batch.Id}/{path}").Order(StringComparer.Ordinal),
            (await blobs.Select(blob => blob.Name).ToListAsync()).Order(StringComparer.Ordinal));

        using var http = new HttpClient { BaseAddress = _stack.Local.AppUrl };
        foreach (var path in paths)
        {
            var file = await http.GetAsync($"api/batches/{batch.Id}/outputs/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
            Assert.Equal((HttpStatusCode.OK, "image/png"), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        }

        var table = await http.GetStringAsync($"api/batches/{batch.Id}/results?format=csv");
        Assert.All(paths, path => Assert.Contains(path, table, StringComparison.Ordinal));
        Assert.Contains(",' =1+1", table, StringComparison.Ordinal);
        var page = await http.GetStringAsync($"api/batches/{batch.Id}/gallery");
        Assert.All(paths, path => Assert.Contains(path, page, StringComparison.Ordinal));

        using var folder = new TemporaryFolder();
        var collected = await Collection.CollectAsync(_stack.App, batch, new DirectoryInfo(folder.Path), CancellationToken.None);
        Assert.Equal(paths.Length, collected.Files);
        Assert.All(paths, path => Assert.True(File.Exists(Path.Combine(folder.Path, batch.Id, path)), path));
    }

    [Fact]
    public async Task Matrix_OfJapaneseCities_Runs()
    {
        var batch = await _stack.RunAsync(Encoding.UTF8.GetBytes(
            """{"matrix": {"city": ["東京", "大阪"]}, "jobs": [{"id": "poster", "model": "nano-banana-2", "input": {"prompt": "{{city}} at night"}}]}"""));

        Assert.Equal((true, 2), (batch.IsSuccess, batch.Jobs.Succeeded));
    }

    [Theory]
    [InlineData(22, "é")]
    [InlineData(22, "<")]
    [InlineData(50, "é")]
    [InlineData(50, "\\\"")]
    [InlineData(50, "\\\\")]
    [InlineData(50, "🎉")]
    [InlineData(50, "\u3000")]
    [InlineData(50, "\uE000")]
    public async Task Start_WithTheLongestTags_IsAccepted(int tags, string character)
    {
        var value = string.Concat(Enumerable.Repeat(character, 256));
        var all = string.Join(',', Enumerable.Range(0, tags).Select(n => $"\"{new string('t', 60)}{n:D4}\":\"{value}\""));
        var manifest = $$$"""{"name":"{{{string.Concat(Enumerable.Repeat(character, 200))}}}","tags":{ {{{all}}} },"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"p"}}]}""";

        var batch = await _stack.RunAsync(Encoding.UTF8.GetBytes(manifest));

        Assert.True(batch.IsSuccess, batch.Reason);
        using var http = new HttpClient { BaseAddress = _stack.Local.AppUrl };
        var shown = JsonDocument.Parse(await http.GetStringAsync($"api/batches/{batch.Id}")).RootElement;
        Assert.Equal(JsonDocument.Parse($"\"{value}\"").RootElement.GetString(), shown.GetProperty("tags").GetProperty(new string('t', 60) + "0000").GetString());
    }

    [Fact]
    public async Task Start_WithVeryLongValuesInTheMatrix_Runs()
    {
        var values = string.Join(',', Enumerable.Range(0, 12).Select(n => $"\"{n} {string.Concat(Enumerable.Repeat("東", 60_000))}\""));

        var batch = await _stack.RunAsync(Encoding.UTF8.GetBytes(
            $$$"""{"matrix":{"text":[{{{values}}}]},"jobs":[{"id":"a-{{index}}","model":"nano-banana-2","input":{"prompt":"p","style":"{{text}}"}}]}"""));

        Assert.Equal(12, batch.Jobs.Total);
    }
}
