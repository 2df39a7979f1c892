using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Large batches through the whole app: how long until they are accepted and written down, and in how much memory.</summary>
public sealed class LargeManifestTests(ITestOutputHelper output)
{
    // The goals are 10 s and 30 s on an idle machine; a test's machine may be busy with others.
    private const int Patience = 4;

    [Fact]
    public async Task Start_TenThousandJobs_AreAcceptedAndWrittenDownInTime()
    {
        await using var stack = await RunningStack.StartAsync(imageSeconds: 30);
        var (id, accepted) = await StartAsync(stack, Lines(10_000));

        var watch = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async () => (await stack.App.GetBatchAsync(id, CancellationToken.None)).State is not "Planning",
            TimeSpan.FromSeconds(30 * Patience), () => "The batch is still being planned.");

        var memory = PeakMemory(stack);
        output.WriteLine($"10,000 jobs: accepted after {accepted.TotalSeconds:0.0} s, seeded after {watch.Elapsed.TotalSeconds:0.0} s, app at most {memory} MB");
        Assert.InRange(accepted, TimeSpan.Zero, TimeSpan.FromSeconds(10 * Patience));
        Assert.InRange(memory, 0, 500);
    }

    [Fact]
    public async Task Start_HundredThousandLines_AreAccepted()
    {
        await using var stack = await RunningStack.StartAsync();

        var (_, accepted) = await StartAsync(stack, Lines(100_000));

        output.WriteLine($"100,000 lines: accepted after {accepted.TotalSeconds:0.0} s, app at most {PeakMemory(stack)} MB");
        Assert.InRange(PeakMemory(stack), 0, 1500);
    }

    private static async Task<(string Id, TimeSpan Accepted)> StartAsync(RunningStack stack, byte[] lines)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(3) };
        using var content = new ByteArrayContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        var watch = Stopwatch.StartNew();

        using var answer = await http.PostAsync(new Uri(stack.Local.AppUrl, "api/batches"), content);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return ((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!, watch.Elapsed);
    }

    private static byte[] Lines(int jobs)
    {
        var text = new StringBuilder("""{"name":"Large","defaults":{"model":"nano-banana-2","input":{"resolution":"1K"}}}""").Append('\n');
        for (var n = 0; n < jobs; n++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $$"""{"id":"job-{{n}}","input":{"prompt":"Picture {{n}} of a long campaign, soft light, film grain, wide angle","seed":{{n}}},"needs":[{{(n % 10 == 9 ? $"\"job-{n - 1}\"" : "")}}]}""").Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>In megabytes; 0 where the system does not tell.</summary>
    private static int PeakMemory(RunningStack stack)
    {
        var status = $"/proc/{stack.Local.AppProcessId}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
