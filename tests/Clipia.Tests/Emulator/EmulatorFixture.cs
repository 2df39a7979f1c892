using Clipia.Emulator;

namespace Clipia.Tests.Emulator;

/// <summary>One emulator on virtual time with a caller for each of its keys. An image takes 10 s, exactly enough for 7 to 13.</summary>
public sealed class EmulatorFixture : IAsyncDisposable
{
    private const string LiveKey = "clipia_live_0123456789abcdef";
    private const string TestKey = "clipia_test_0123456789abcdef";
    public const string Secret = "whsec_local_0123456789abcdef";

    private EmulatorFixture(EmulatorApi api, VirtualTime time)
    {
        (Api, Time) = (api, time);
        (Live, Test, Local) = (new(api.BaseUrl, LiveKey), new(api.BaseUrl, TestKey), new(api.BaseUrl, null));
    }

    public EmulatorApi Api { get; }
    public VirtualTime Time { get; }
    public Caller Live { get; }
    public Caller Test { get; }
    public Caller Local { get; }

    public static async Task<EmulatorFixture> StartAsync(
        string? folder = null, VirtualTime? time = null, int rpm = 100_000, int concurrency = 100_000, long credits = 100_000, bool strict = false)
    {
        time ??= new();
        var api = await EmulatorApi.StartAsync(new()
        {
            DataDirectory = folder,
            LiveKey = LiveKey,
            TestKey = TestKey,
            WebhookSecret = Secret,
            ImageSeconds = 10,
            VideoSeconds = 10,
            RequestsPerMinute = rpm,
            Concurrency = concurrency,
            Credits = credits,
            StrictInput = strict,
            WebhookTimeout = TimeSpan.FromSeconds(3),
            Time = time,
        });
        return new(api, time);
    }

    /// <summary>Waits for something that another thread is about to do.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(10, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Live.Dispose();
        Test.Dispose();
        Local.Dispose();
        await Api.DisposeAsync();
    }
}
