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
    public async Task Dashboard_KeyInTheAddress_IsTakenOutOfIt()
    {
        await using var page = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, "api/dashboard?code=a-secret"));
        await page.UntilAsync("document.querySelector('#live').textContent.startsWith('Live')");

        Assert.Equal("", await page.EvaluateAsync<string>("location.search"));
        Assert.DoesNotContain("a-secret", await page.Tab.GetContentAsync(), StringComparison.Ordinal);
    }
}
