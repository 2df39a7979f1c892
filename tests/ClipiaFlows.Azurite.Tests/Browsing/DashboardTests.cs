using ClipiaFlows.Azurite.Tests.EndToEnd;
using Tests.Support.Browser;

namespace ClipiaFlows.Azurite.Tests.Browsing;

/// <summary>The dashboard as people see it. Pictures of it are kept in the folder "screenshots".</summary>
[Collection(SharedStackUsers.Name)]
public sealed class DashboardTests(SharedStackFixture shared)
{
    [BrowserFact]
    public async Task Dashboard_WhileABatchRuns_ShowsItLiveAndOpensBatchAndJob()
    {
        var address = new Uri(shared.Running.Local.AppUrl, "api/dashboard");
        await using var page = await Page.OpenAsync(address);
        var accepted = await shared.Running.SubmitAsync(Campaigns.Small(images: 4));
        var link = $"a[href='#{accepted.Id}']";
        await page.UntilAsync($"document.querySelector(\"{link}\")");
        await shared.Running.FinishAsync(accepted.Id);
        await page.UntilAsync($"document.querySelector(\"{link} [role=progressbar]\").ariaValueNow === '5' && document.querySelector(\"{link}\").innerText.includes('completed')");
        await page.KeepAsync("dashboard");

        await page.Tab.FocusAsync(link);
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.UntilAsync("document.querySelectorAll('#jobs img').length === 4 && [...document.querySelectorAll('#jobs img')].every(image => image.complete && image.naturalWidth > 0)");
        Assert.Equal("A small campaign", await page.TextAsync("#title"));
        await page.KeepAsync("dashboard-batch");
        await page.Tab.SelectAsync("#job-state", "Failed");
        await page.UntilAsync("!document.querySelector('#no-jobs').hidden");
        await page.Tab.SelectAsync("#job-state", "");
        await page.UntilAsync("document.querySelectorAll('#jobs > li').length === 5");
        await page.Tab.FocusAsync("#jobs button");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#job').open && document.querySelectorAll('.timeline li').length >= 6");
        await page.KeepAsync("dashboard-job");
        Assert.Contains("paper boat", await page.TextAsync("#job-body"), StringComparison.Ordinal);
        await page.Tab.Keyboard.PressAsync("Escape");

        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('input, select')].filter(field => field.labels.length === 0).length"));
        Assert.Empty(page.Complaints);
        await using var narrow = await Page.OpenAsync(address, 390);
        await narrow.UntilAsync("document.querySelectorAll('#batches > li').length > 0");
        Assert.True(await narrow.OverflowAsync() <= 0);
        await narrow.KeepAsync("dashboard-narrow");
    }

    [BrowserFact]
    public async Task Dashboard_LongWordsAndStates_StayInTheirPlaces()
    {
        await shared.Running.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = 404, message = new string('W', 300) });
        var batch = await shared.Running.RunAsync("""
            {"jobs": [{"id": "well", "model": "flux-2-pro", "input": {"prompt": "A paper boat"}},
                      {"id": "ill", "model": "flux-2-pro", "input": {"prompt": "A paper boat", "seed": 404}}]}
            """u8.ToArray());
        await shared.Running.Emulator.BehaveAsync();
        var dashboard = new Uri(shared.Running.Local.AppUrl, "api/dashboard");

        await using var list = await Page.OpenAsync(dashboard, 1400);
        await list.UntilAsync($"document.querySelector(\"a[href='#{batch.Id}']\")");
        Assert.Equal(0, await list.EvaluateAsync<int>("[...document.querySelectorAll('.side > *')].filter(one => one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1).length"));

        foreach (var width in new[] { 1400, 400 })
        {
            await using var page = await Page.OpenAsync(new Uri(dashboard, "#" + batch.Id), width);
            await page.UntilAsync("document.querySelectorAll('#jobs button').length === 2");
            await page.EvaluateAsync<object>("[...document.querySelectorAll('#jobs button')].find(one => one.innerText.includes('ill')).click()");
            await page.UntilAsync("document.querySelector('#job').open");
            Assert.Equal(0, await page.EvaluateAsync<int>("(job => job.scrollWidth - job.clientWidth)(document.querySelector('#job'))"));
            await page.KeepAsync($"dashboard-long-words-{width}");
        }
    }

    [BrowserFact]
    public async Task Dashboard_WhileABatchChanges_KeepsTheFocusOnItsLinks()
    {
        var accepted = await shared.Running.SubmitAsync(Campaigns.Small(images: 4));
        await using var page = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, "api/dashboard#" + accepted.Id));
        await page.UntilAsync("document.querySelector('#links a') && !document.querySelector('#head').innerText.includes('5 succeeded')");
        await page.Tab.FocusAsync("#links a");

        await shared.Running.FinishAsync(accepted.Id);
        await page.UntilAsync("document.querySelector('#head').innerText.includes('5 succeeded') && document.querySelectorAll('#links a').length === 3");

        Assert.Equal("Gallery", await page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    [BrowserFact]
    public async Task Dashboard_KeyInTheAddress_IsTakenOutOfIt()
    {
        await using var page = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, "api/dashboard?code=a-secret"));
        await page.UntilAsync("document.querySelector('#live').textContent.startsWith('Live')");

        Assert.Equal("", await page.EvaluateAsync<string>("location.search"));
        Assert.DoesNotContain("a-secret", await page.Tab.GetContentAsync(), StringComparison.Ordinal);
    }
}
