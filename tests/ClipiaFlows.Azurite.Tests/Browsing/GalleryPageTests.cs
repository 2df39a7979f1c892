using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli.Commands;
using ClipiaFlows.Delivery;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using Tests.Support.Browser;

namespace ClipiaFlows.Azurite.Tests.Browsing;

/// <summary>The gallery as people see it: served by the app, and in a downloaded folder. Pictures of it are kept in the folder "screenshots".</summary>
[Collection(SharedStackUsers.Name)]
public sealed class GalleryPageTests(SharedStackFixture shared)
{
    private const string EveryPictureIsThere = "[...document.querySelectorAll('#works img')].every(image => image.complete && image.naturalWidth > 0)";

    [BrowserFact]
    public async Task Gallery_OfTheSpringCampaign_ShowsPicturesAndClipsAndFiltersThem()
    {
        var batch = await shared.Running.RunAsync(Campaigns.Spring());
        Assert.True(batch.IsSuccess);
        await using var page = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, $"api/batches/{batch.Id}/gallery"), 1280, 2200);
        await page.UntilAsync($"document.querySelectorAll('#works > li').length === {batch.Jobs.Total} && {EveryPictureIsThere}");
        await page.UntilAsync("[...document.querySelectorAll('#works video')].length > 0 && [...document.querySelectorAll('#works video')].every(clip => clip.readyState > 0)");
        await page.KeepAsync("gallery");

        // Every control and picture has a name, and a work can be opened, walked through and closed without a mouse.
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('input, select')].filter(field => field.labels.length === 0).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('img')].filter(image => !image.alt).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('video, a.media')].filter(one => !one.ariaLabel && !one.querySelector('img')?.alt).length"));
        await page.Tab.FocusAsync("#works a.media");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#viewer').open");
        var first = await page.TextAsync("#viewer-title");
        await page.Tab.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(first, await page.TextAsync("#viewer-title"));
        await page.Tab.Keyboard.PressAsync("Escape");
        await page.UntilAsync("!document.querySelector('#viewer').open && document.activeElement.matches('a.media')");

        await page.Tab.FocusAsync("#search");
        await page.Tab.Keyboard.TypeAsync("no such words anywhere");
        await page.UntilAsync("document.querySelectorAll('#works > li').length === 0 && !document.querySelector('#nothing').hidden");
        await page.Tab.ClickAsync("#reset");
        await page.UntilAsync($"document.querySelectorAll('#works > li').length === {batch.Jobs.Total}");
        var variable = await page.EvaluateAsync<string>("document.querySelector('[data-variable]').dataset.variable");
        var value = await page.EvaluateAsync<string>("document.querySelector('[data-variable] option:nth-child(2)').value");
        await page.Tab.SelectAsync($"[data-variable='{variable}']", value);
        await page.UntilAsync("(() => document.querySelectorAll('#works > li').length)() < " + batch.Jobs.Total);
        Assert.True(await page.EvaluateAsync<bool>($"[...document.querySelectorAll('#works > li')].every(work => work.innerText.includes('{variable}: {value[1..]}'))"));
        Assert.Contains(" of ", await page.TextAsync("#count"), StringComparison.Ordinal);

        Assert.Empty(page.Complaints);
        await using var narrow = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, $"api/batches/{batch.Id}/gallery"), 390);
        await narrow.UntilAsync("document.querySelectorAll('#works > li').length > 0");
        Assert.True(await narrow.OverflowAsync() <= 0);
        await narrow.KeepAsync("gallery-narrow");
    }

    [BrowserFact]
    public async Task Gallery_InADownloadedFolder_ShowsTheFilesBesideIt()
    {
        using var folder = new TemporaryFolder();
        var batch = await shared.Running.RunAsync(Campaigns.Small(images: 2));
        var collected = await Collection.CollectAsync(shared.Running.App, batch, new DirectoryInfo(folder.Path), CancellationToken.None);

        await using var page = await Page.OpenAsync(new Uri(collected.Gallery));
        await page.UntilAsync($"document.querySelectorAll('#works > li').length === 3 && {EveryPictureIsThere}");
        await page.UntilAsync("document.querySelector('#works video').readyState > 0");

        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task Gallery_WordsWithoutEnd_AreWrapped()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "gallery.html");
        var word = new string('W', 300);
        await using (var file = File.Create(path))
        await using (var gallery = await GalleryPage.StartAsync(new BatchRow { PartitionKey = "words", Name = word, State = BatchState.Failed, Total = 1 }, file, CancellationToken.None))
        {
            await gallery.AddAsync(new ResultLine(
                new JobView { Id = "a", N = 0, Model = "flux-2-pro", State = JobState.Failed, Attempt = 1, Outputs = [], Error = new JobError(word, word) },
                word, new Dictionary<string, string> { ["word"] = word }), CancellationToken.None);
        }

        foreach (var width in new[] { 1400, 400 })
        {
            await using var page = await Page.OpenAsync(new Uri(path), width);
            await page.UntilAsync("document.querySelector('#count').textContent === '1 work'");
            await page.EvaluateAsync<object>("document.querySelector('details').open = true");
            Assert.Equal("", await page.EvaluateAsync<string>("[...document.querySelectorAll('article, article *')].filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map(one => one.tagName + '.' + one.className).join(' ')"));
            Assert.True(await page.OverflowAsync() <= 0);
            await page.KeepAsync($"gallery-words-{width}");
        }
    }

    [BrowserFact]
    public async Task Gallery_OfTenThousandJobs_OpensAndFiltersAtOnce()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "gallery.html");
        await using (var file = File.Create(path))
        await using (var gallery = await GalleryPage.StartAsync(new BatchRow { PartitionKey = "large", Name = "A large campaign", State = BatchState.CompletedWithFailures, Total = 10_000 }, file, CancellationToken.None))
        {
            for (var n = 0; n < 10_000; n++)
                await gallery.AddAsync(Line(n), CancellationToken.None);
        }

        await using var page = await Page.OpenAsync(new Uri(path));
        await page.UntilAsync("document.querySelector('#count').textContent === '10,000 works'");
        Assert.True(await page.EvaluateAsync<int>("document.querySelectorAll('#works > li').length") < 500);
        await page.Tab.SelectAsync("#by-state", "=Failed");
        await page.UntilAsync("document.querySelector('#count').textContent === '100 of 10,000 works'");
        await page.UntilAsync("(scrollTo(0, document.body.scrollHeight), document.querySelectorAll('#works > li').length === 100)");
        await page.KeepAsync("gallery-failed");
    }

    private static ResultLine Line(int n) => new(
        new JobView
        {
            Id = $"job-{n}", N = n, Model = "flux-2-pro", State = n % 100 == 0 ? JobState.Failed : JobState.Skipped, Attempt = 1, Outputs = [],
            Error = new JobError("content_policy", "The prompt was refused."),
        },
        $"A paper boat on a pond, number {n}", new Dictionary<string, string> { ["colour"] = $"{n % 7}" });
}
