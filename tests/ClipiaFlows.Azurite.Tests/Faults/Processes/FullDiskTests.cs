using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Tests.Support;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The disk under the durable state is full for a while.</summary>
public sealed class FullDiskTests
{
    // Refused or not, its rows may stand, and the watchdog may start it; it must not add to what the old one is charged.
    private static readonly byte[] Unaffordable = JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 1,
        id = "new",
        policy = new { budgetCredits = 1, onBudget = "stop" },
        jobs = new[] { new { id = "dear", model = "nano-banana-2", input = new { prompt = "A storm", resolution = "1K" } } },
    });

    [FactWithOwnFileSystem]
    public async Task Disk_FullInTheMiddleOfACampaign_RefusesNewWorkInWordsAndGoesOnWithTheOld()
    {
        using var disk = new SmallFileSystem(megabytes: 16);
        await using var stage = await Stage.SetAsync(new StageOptions { StateFolder = disk.Path });
        await stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await stage.StartAppAsync();
        var before = await stage.Emulator.LedgerAsync();
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest("old"), null, cancellation));
        await stage.UntilAsync(async (app, cancellation) => (await app.GetBatchAsync("old", cancellation)).Jobs.Generating > 0, "Nothing was submitted");

        disk.Fill();
        var (status, refusal) = await PostAsync(stage, Unaffordable);
        await Task.Delay(TimeSpan.FromSeconds(2));
        disk.Empty();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "durable_state_unavailable"), (status, refusal.GetProperty("code").GetString()));
        Assert.Contains("cannot be used: the disk", stage.Host.Log, StringComparison.Ordinal);
        var old = await stage.EndOfAsync("old");
        Assert.Null(await Quiet.LackingAsync(stage, "old"));
        var audit = await BatchAudit.OfAsync(stage, old, before);
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(Unaffordable, null, cancellation));
        await stage.EndOfAsync("new");
        Assert.Empty(audit.Wrong);
        Assert.Equal((4, 1, 1), (old.Jobs.Succeeded, old.Jobs.Failed, old.Jobs.Canceled));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(Stage stage, byte[] manifest)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(manifest) { Headers = { ContentType = new("application/json") } };
        using var answer = await http.PostAsync(stage.App.AddressOf("batches"), content);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
