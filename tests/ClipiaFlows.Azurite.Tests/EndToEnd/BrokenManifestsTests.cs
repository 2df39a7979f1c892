using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClipiaFlows.Tests.Manifests;
using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class BrokenManifestsTests(SharedStackFixture shared)
{
    /// <summary>Every broken and every hostile manifest that the reader's and the planner's tests know, to the running app.</summary>
    [Fact]
    public async Task Start_EveryBrokenManifest_IsRefusedWithItsPointerAndSpendsNothing()
    {
        using var http = new HttpClient { BaseAddress = new(shared.Running.Local.AppUrl, "api/") };
        var before = await shared.Running.Emulator.LedgerAsync();
        var batches = await BatchesAsync(http);

        // What a model takes as its input is the catalogue's, and that of the planner's tests is another.
        var broken = BrokenShapes.All
            .Concat(BrokenMeanings.All
                .Where(meaning => !meaning.Code.StartsWith("input", StringComparison.Ordinal))
                .Select(meaning => (meaning.Code, meaning.Pointer, Manifest(meaning.Jobs))))
            .Concat(HostileManifests.All)
            .ToList();
        foreach (var (code, pointer, manifest) in broken)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(manifest));
            using var answer = await http.PostAsync(new Uri("batches", UriKind.Relative), content);

            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode} for {manifest[..Math.Min(manifest.Length, 1000)]}");
            var problems = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problems").EnumerateArray()
                .Select(problem => (problem.GetProperty("code").GetString(), problem.GetProperty("pointer").GetString()));
            Assert.Contains((code, pointer), problems);
        }

        Assert.InRange(broken.Count, 350, 1000);
        Assert.Equal(before.Entries.Count, (await shared.Running.Emulator.LedgerAsync()).Entries.Count);
        Assert.Equal(batches, await BatchesAsync(http));
    }

    private static string Manifest(string jobs) =>
        $$$"""{"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"matrix":{ {{{BrokenMeanings.Matrix}}} },"jobs":[{{{jobs}}}]}""";

    private static async Task<int> BatchesAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("batches?limit=1000")).GetProperty("batches").GetArrayLength();
}
