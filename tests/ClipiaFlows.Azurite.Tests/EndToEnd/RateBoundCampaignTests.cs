using System.Globalization;
using ClipiaFlows.Azurite.Tests.Telemetry;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>A campaign that would go faster if the API key allowed more requests a minute.</summary>
public sealed class RateBoundCampaignTests(ITestOutputHelper output)
{
    private const int RequestsPerMinute = 240;
    private const int LongestHistory = 250;

    // The beginning may go faster by its burst, so that a short run says little of the rate.
    private static readonly int Jobs = MeasurementFactAttribute.IsMeasured ? 600 : 120;

    /// <summary>How much of the rate is used is only asserted where somebody measures: a busy machine uses less.</summary>
    [Fact]
    public async Task Campaign_BoundByTheRate_IsNeverRefusedAndKeepsHistoriesShort()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stack = await RunningStack.StartAsync(appSettings: receiver.Settings, requestsPerMinute: RequestsPerMinute);

        var batch = await stack.RunAsync(Campaigns.ImagesOnly(Jobs), TimeSpan.FromMinutes(10));
        await Task.Delay(TimeSpan.FromSeconds(2));

        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        var submitted = (await stack.Emulator.GetAsync("requests?limit=2000")).GetProperty("requests").EnumerateArray()
            .Select(request => request.GetProperty("created_at").GetDateTimeOffset()).Order().ToList();
        var share = (submitted.Count - 1) / (submitted[^1] - submitted[0]).TotalMinutes / RequestsPerMinute;
        var refused = (await stack.Emulator.GetAsync("calls?limit=1")).GetProperty("counts").EnumerateArray()
            .Where(count => count.GetProperty("status").GetInt32() == 429).Sum(count => count.GetProperty("count").GetInt32());
        var longest = receiver.Points.Where(point => point.Name == "clipiaflows.history.length").Max(point => point.Largest);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Jobs} jobs at {share:P1} of the rate, {refused} times 429, longest history {longest} events"));

        Assert.Equal(0, refused);
        Assert.InRange(longest, 1, LongestHistory);
        if (MeasurementFactAttribute.IsMeasured)
            Assert.True(share >= 0.95, $"{share:P1}");
    }
}
