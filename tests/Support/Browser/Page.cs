using System.Collections.Concurrent;
using PuppeteerSharp;

namespace Tests.Support.Browser;

/// <summary>One page in a chromium of its own. Remembers what the browser complained about.</summary>
public sealed class Page : IAsyncDisposable
{
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Page(IBrowser browser, IPage tab)
    {
        (_browser, Tab) = (browser, tab);
        tab.PageError += (_, failure) => _complaints.Enqueue(failure.Message);
        tab.Console += (_, line) =>
        {
            if (line.Message.Type == ConsoleType.Error)
                _complaints.Enqueue(line.Message.Text);
        };
    }

    public IPage Tab { get; }

    /// <summary>Errors of scripts, refused contents and failed loads, in order.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    public static async Task<Page> OpenAsync(Uri address, int width = 1280, int height = 800, params string[] arguments)
    {
        var browser = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Path,
            Headless = true,
            // The sandbox needs rights that containers and root do not have; only our own pages are opened.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--lang=en", .. arguments],
        });
        var page = new Page(browser, await browser.NewPageAsync());
        await page.Tab.SetViewportAsync(new() { Width = width, Height = height });
        await page.Tab.GoToAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>Waits until a JavaScript expression is true.</summary>
    public Task UntilAsync(string expression) => Tab.WaitForExpressionAsync(expression, new() { Timeout = 30_000 });

    public Task<T> EvaluateAsync<T>(string expression) => Tab.EvaluateExpressionAsync<T>(expression);

    public Task<string> TextAsync(string selector) => Tab.QuerySelectorAsync(selector).EvaluateFunctionAsync<string>("element => element.innerText");

    /// <summary>How many pixels the contents stick out to the right.</summary>
    public Task<int> OverflowAsync() => EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");

    /// <summary>Keeps a picture of the whole page for people, in the folder <c>screenshots</c> beside the tests, and returns its path.</summary>
    public async Task<string> KeepAsync(string name)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(AppContext.BaseDirectory, "screenshots"));
        var file = System.IO.Path.Combine(folder.FullName, name + ".png");
        // A screenshot waits neither for pictures that are decoded beside the drawing nor for what is drawn when it comes into view.
        await EvaluateAsync<object>("""
            document.querySelectorAll('img').forEach(image => image.decoding = 'sync');
            document.querySelectorAll('li').forEach(item => item.style.contentVisibility = 'visible');
            new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))))
            """);
        await Tab.ScreenshotAsync(file, new() { FullPage = true });
        return file;
    }

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();
}
