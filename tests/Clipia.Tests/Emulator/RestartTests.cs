namespace Clipia.Tests.Emulator;

public sealed class RestartTests : IDisposable
{
    private const string Fox = """{"prompt":"a fox"}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("clipia-test-").FullName;

    [Fact]
    public async Task Restart_WithWorkUnderWay_FinishesItAndRemembersEverything()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var time = new VirtualTime();
        string running, done;
        await using (var before = await EmulatorFixture.StartAsync(_folder, time))
        {
            done = (await before.Live.SubmitAsync("flux-2-pro", Fox)).Id;
            time.Advance(20);
            running = (await before.Live.SubmitAsync("sora-2", Fox, receiver.Url, "order-42")).Id;
        }

        time.Advance(60);
        await using var after = await EmulatorFixture.StartAsync(_folder, time);
        await receiver.CountAsync(1);

        Assert.Equal("COMPLETED", (await after.Live.GetAsync($"/v1/requests/{done}")).Text("status"));
        var result = await after.Live.GetAsync($"/v1/requests/{running}");
        Assert.Equal(("COMPLETED", 17), (result.Text("status"), result.Number("cost")));
        var url = receiver.Received[0].Body.GetProperty("payload").GetProperty("output").GetProperty("video").GetProperty("url").GetString();
        Assert.StartsWith(after.Api.BaseUrl.ToString(), url);
        Assert.Equal(running, (await after.Live.SubmitAsync("sora-2", Fox, receiver.Url, "order-42")).Id);
        var ledger = await after.Local.GetAsync("/_local/ledger");
        Assert.Equal((100_000, 99_980, 0, 20), (ledger.Number("granted"), ledger.Number("balance"), ledger.Number("reserved"), ledger.Number("charged")));
    }

    /// <summary>Keys and prompts lie in the database.</summary>
    [Fact]
    public async Task Restart_DatabaseThatOthersCanRead_IsForItsOwnerAfterwards()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = Path.Combine(_folder, "data");
        await (await EmulatorFixture.StartAsync(folder)).DisposeAsync();
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var database = Assert.Single(Directory.GetFiles(folder, "*.db"));
        File.SetUnixFileMode(database, owner | UnixFileMode.OtherRead);

        await using var again = await EmulatorFixture.StartAsync(folder);

        foreach (var file in Directory.GetFiles(folder, "*.db*"))
            Assert.Equal((file, owner), (file, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Restart_WithAnUnfinishedDelivery_GoesOnCounting()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500);
        var time = new VirtualTime();
        await using (var before = await EmulatorFixture.StartAsync(_folder, time))
        {
            await before.Live.SubmitAsync("sora-2", Fox, receiver.Url);
            time.Advance(20);
            await EmulatorFixture.EventuallyAsync(async () =>
                (await before.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries").GetArrayLength() == 1);
        }

        await using (var after = await EmulatorFixture.StartAsync(_folder, time))
        {
            time.Advance(10);
            await receiver.CountAsync(2);
            await EmulatorFixture.EventuallyAsync(async () =>
                (await after.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries").GetArrayLength() == 2);
        }

        await using var last = await EmulatorFixture.StartAsync(_folder, time);
        time.Advance(10_000);
        var attempts = (await last.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries");
        Assert.Equal([1, 2], attempts.EnumerateArray().Select(attempt => attempt.GetProperty("attempt").GetInt32()));
        Assert.Single(receiver.Received.Select(hook => hook.Headers["X-Clipia-Webhook-Id"]).Distinct());
    }

    [Fact]
    public async Task Folder_InUse_IsRefusedInOneSentence()
    {
        await using var first = await EmulatorFixture.StartAsync(_folder);

        var failure = await Assert.ThrowsAsync<IOException>(() => EmulatorFixture.StartAsync(_folder));

        Assert.Contains(_folder, failure.Message);
    }

    [Fact]
    public async Task Kill_WhileSubmitting_LosesNothingThatWasAnswered()
    {
        var answered = new List<string>();
        using (var process = EmulatorProcess.Start(_folder))
        {
            using var caller = new Caller(await process.AddressAsync(), EmulatorProcess.LiveKey);
            for (var i = 0; i < 200; i++)
                answered.Add((await caller.SubmitAsync("sora-2", Fox, null, $"order-{i}")).Id);
            process.Kill();
        }

        using var again = EmulatorProcess.Start(_folder);
        using var later = new Caller(await again.AddressAsync(), EmulatorProcess.LiveKey);
        for (var i = 0; i < 200; i++)
            Assert.Equal(answered[i], (await later.SubmitAsync("sora-2", Fox, null, $"order-{i}")).Id);
        var ledger = await later.GetAsync("/_local/ledger");
        Assert.Equal(200 * 17, ledger.Number("reserved") + ledger.Number("charged"));
    }

    [Fact]
    public async Task Program_PortInUse_SaysSoAndExitsWith1()
    {
        await using var first = await EmulatorFixture.StartAsync();

        using var process = EmulatorProcess.Start(_folder, port: first.Api.BaseUrl.Port);
        var (code, error) = await process.EndAsync();

        Assert.Equal(1, code);
        Assert.Equal($"Port {first.Api.BaseUrl.Port} on 127.0.0.1 is in use. Choose another one or stop the program that uses it.", error.Trim());
    }

    [Fact]
    public async Task Program_InputCloses_EndsWhenAsked()
    {
        using var process = EmulatorProcess.Start(_folder);
        await process.AddressAsync();

        process.CloseInput();

        Assert.Equal(0, (await process.EndAsync()).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
