using System.Text.RegularExpressions;
using Tests.Support.Browser;

namespace Clipia.Tests.Emulator;

/// <summary>The developer console as people see it. Pictures of it are kept in the folder "screenshots" beside the tests.</summary>
public sealed partial class ConsolePageTests
{
    [BrowserFact]
    public async Task Console_AfterWork_ShowsLedgerRequestsDeliveriesAndKeysAtAnyWidth()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500, 200);
        await using var emulator = await EmulatorFixture.StartAsync();
        await WorkAsync(emulator, receiver);

        foreach (var width in new[] { 1280, 400 })
        {
            await using var page = await Page.OpenAsync(emulator.Api.BaseUrl, width);
            await page.UntilAsync("document.querySelectorAll('#requests tbody tr').length === 5 && document.querySelectorAll('#deliveries tbody tr').length === 1");
            await page.UntilAsync("[...document.images].length === 3 && [...document.images].every(image => image.complete && image.naturalWidth > 0)");

            Assert.Equal("balance\n99,949\nreserved\n0\ncharged\n51\nrefunded\n53\ngranted\n100,000", Lines().Replace(await page.TextAsync("#ledger"), "\n"));
            var requests = await page.TextAsync("#requests");
            foreach (var shown in new[] { "COMPLETED", "FAILED", "GENERATION_FAILED", "CANCELED", "a lighthouse at dawn", "лиса у огня", "charged", "refunded", "free" })
                Assert.Contains(shown, requests, StringComparison.Ordinal);
            Assert.Matches(@"500\s+200", await page.TextAsync("#deliveries"));
            Assert.Contains(receiver.Url, await page.TextAsync("#deliveries"), StringComparison.Ordinal);
            Assert.Contains("generate, read", await page.TextAsync("#keys"), StringComparison.Ordinal);
            Assert.Contains("/v1/models/{slug}", await page.TextAsync("#calls"), StringComparison.Ordinal);
            Assert.Contains("\"effect\":\"fail\"", await page.TextAsync("#scenarios"), StringComparison.Ordinal);
            Assert.DoesNotContain(emulator.Api.LiveKey!, await page.TextAsync("body"), StringComparison.Ordinal);

            Assert.True(await page.OverflowAsync() <= 0);
            Assert.Empty(page.Complaints);
            Assert.Equal(["a lighthouse at dawn, soft light", "waves at night", "лиса у огня"], await page.EvaluateAsync<string[]>("[...new Set([...document.querySelectorAll('#requests a')].map(link => link.ariaLabel))].sort()"));
            await page.KeepAsync($"console-{width}");
        }
    }

    [BrowserFact]
    public async Task Console_NothingHappenedYet_SaysWhatToDo()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        await page.UntilAsync("document.querySelector('#scenarios p')");

        Assert.Contains("POST /v1/models/nano-banana-2", await page.TextAsync("#requests"), StringComparison.Ordinal);
        Assert.Contains("webhook_url", await page.TextAsync("#deliveries"), StringComparison.Ordinal);
        Assert.Contains("/_local/scenarios", await page.TextAsync("#scenarios"), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
        await page.KeepAsync("console-empty");
    }

    [BrowserFact]
    public async Task Console_KeyCreatedThereAndRevoked_IsShownOnceAndWorksUntilThen()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        await page.UntilAsync("document.querySelectorAll('#keys tbody tr').length === 2");
        page.Tab.Dialog += async (_, question) => await question.Dialog.Accept();

        await page.Tab.TypeAsync("#new-key input", "<b>shop</b>");
        await page.Tab.SelectAsync("#new-key select", "test");
        await page.Tab.ClickAsync("#new-key button");
        await page.UntilAsync("document.querySelectorAll('#keys tbody tr').length === 3");
        var key = await page.TextAsync("#made code");
        Assert.Matches("^clipia_test_[0-9A-Za-z]{32}$", key);
        Assert.Contains("<b>shop</b>", await page.TextAsync("#keys"), StringComparison.Ordinal);
        using var shop = new Caller(emulator.Api.BaseUrl, key);
        Assert.Equal(200, (await shop.GetAsync("/v1/account")).Status);
        await page.KeepAsync("console-key");

        await page.Tab.ReloadAsync();
        await page.UntilAsync("document.querySelectorAll('#keys tbody tr').length === 3");
        Assert.DoesNotContain(key, await page.Tab.GetContentAsync(), StringComparison.Ordinal);
        await page.EvaluateAsync<object>("[...document.querySelectorAll('#keys tr')].find(row => row.innerText.includes('shop')).querySelector('button').click()");
        await page.UntilAsync("document.querySelector('#keys').innerText.includes('revoked')");
        Assert.Equal(401, (await shop.GetAsync("/v1/account")).Status);
    }

    [BrowserFact]
    public async Task Console_RowsAppearWhileSomebodyReads_KeepsTheFocusAndCutsLongPrompts()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Test.SubmitAsync("flux-2-pro", $$"""{"prompt":"{{string.Concat(Enumerable.Repeat("a fox in the snow, ", 300))}}"}""");
        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        await page.UntilAsync("document.querySelectorAll('#requests tbody a').length === 1");
        Assert.True(await page.EvaluateAsync<int>("document.querySelector('#requests tbody tr').offsetHeight") < 200);
        await page.Tab.FocusAsync("#requests a");
        var address = await page.EvaluateAsync<string>("document.activeElement.href");

        await emulator.Test.SubmitAsync("flux-2-pro", """{"prompt":"another"}""");
        await page.UntilAsync("document.querySelectorAll('#requests tbody tr').length === 2");

        Assert.Equal(address, await page.EvaluateAsync<string>("document.activeElement.href ?? ''"));
    }

    [BrowserFact]
    public async Task Console_EmulatorStopped_SaysSo()
    {
        var emulator = await EmulatorFixture.StartAsync();
        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        await page.UntilAsync("document.querySelectorAll('#keys tbody tr').length === 2");

        await emulator.DisposeAsync();

        await page.UntilAsync("document.querySelector('#lost').innerText === 'The emulator does not answer.'");
    }

    /// <summary>Five requests of each kind of end, one of them announced to a receiver that takes it the second time.</summary>
    private static async Task WorkAsync(EmulatorFixture emulator, WebhookReceiver receiver)
    {
        await emulator.Live.SubmitAsync("seedance-2-fast-t2v", """{"prompt":"waves at night"}""");
        await emulator.Live.SubmitAsync("nano-banana-2", """{"prompt":"a lighthouse at dawn, soft light","aspect_ratio":"16:9"}""", receiver.Url);
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"fail","model":"kling-3"}""");
        await emulator.Live.SubmitAsync("kling-3", """{"prompt":"a cat jumps"}""");
        var canceled = await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a dog"}""");
        await emulator.Local.PostAsync($"/_local/requests/{canceled.Id}/cancel", "{}");
        emulator.Time.Advance(20);
        await receiver.CountAsync(1);
        await EmulatorFixture.EventuallyAsync(() =>
        {
            emulator.Time.Advance(5);
            return Task.FromResult(receiver.Received.Count == 2);
        });
        await emulator.Test.SubmitAsync("flux-2-pro", """{"prompt":"лиса у огня","num_images":2}""");
        await emulator.Local.PostAsync("/_local/credits", """{"credits":0}""");
    }

    [GeneratedRegex(@"\n+")]
    private static partial Regex Lines();
}
