using System.Globalization;
using System.Text.RegularExpressions;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>The requests that the app itself sends to storage, as the framework's own metric counts them.</summary>
public sealed partial class StorageTransactionTests(ITestOutputHelper output)
{
    private const int Jobs = 50;

    /// <summary>An entity group transaction is one. The durable state is not among them: locally it is in a file.</summary>
    [Fact]
    public async Task Campaign_OfShortGenerations_TakesNoMoreStorageTransactionsThanTheHandbookSays()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stack = await RunningStack.StartAsync(appSettings: receiver.Settings);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = Count(receiver, stack);

        var batch = (await stack.SubmitAsync(Campaigns.ImagesOnly(Jobs))).Id;
        // Whoever looks at a batch reads rows too; this looks seldom, because it counts what the app does by itself.
        while ((await stack.App.GetBatchAsync(batch, CancellationToken.None)) is var now && !now.IsSuccess)
        {
            Assert.True(now.Jobs.Failed == 0, now.Raw.GetRawText());
            await Task.Delay(TimeSpan.FromSeconds(5));
        }

        await Task.Delay(TimeSpan.FromSeconds(2));

        var after = Count(receiver, stack);
        foreach (var (service, requests) in after.Where(count => count.Value > 0))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{service}: {(requests - before.GetValueOrDefault(service)) / (double)Jobs:0.00} a job"));
        // Short generations, which share few wake-ups, are the dearest; 18.5 were counted (docs/operations.md has the figures).
        Assert.InRange((after.Values.Sum() - before.Values.Sum()) / Jobs, 1, 24);
    }

    private static Dictionary<string, double> Count(OtlpReceiver receiver, RunningStack stack)
    {
        var services = Endpoint().Matches(stack.Local.StorageConnectionString)
            .ToDictionary(match => match.Groups["port"].Value, match => match.Groups["service"].Value);
        return receiver.Points
            .Where(point => point.Name == "http.client.request.duration" && services.ContainsKey(point.Attributes.GetValueOrDefault("server.port", "")))
            .GroupBy(point => $"{services[point.Attributes["server.port"]]} {point.Attributes["http.request.method"]}")
            .ToDictionary(group => group.Key, group => group.Sum(point => point.Value));
    }

    [GeneratedRegex(@"(?<service>Blob|Queue|Table)Endpoint=http://[\d.]+:(?<port>\d+)")]
    private static partial Regex Endpoint();
}
