using ClipiaFlows.Azurite.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Tests.Support.Browser;

namespace ClipiaFlows.Azurite.Tests.Browsing;

/// <summary>A web page of somebody else, under a name that leads to this machine, in the browser of whoever runs the stack.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class ForeignPageTests(SharedStackFixture shared)
{
    private const string Manifest = """{"version":1,"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"taken"}}]}""";

    [BrowserFact]
    public async Task Page_OfAnotherSite_StartsNothingAndReadsNothing()
    {
        var (app, emulator) = (shared.Running.Local.AppUrl, shared.Running.Local.EmulatorUrl);
        var before = await SnapshotAsync();
        await using var site = await StartSiteAsync();
        var evil = new UriBuilder(site.Urls.Single()) { Host = "evil.test" }.Uri;
        await using var page = await Page.OpenAsync(evil, arguments: "--host-resolver-rules=\"MAP evil.test 127.0.0.1\"");

        // A plain form, which no browser asks the other side about, to the address and to a name that leads there.
        foreach (var root in new[] { app, Named(app), emulator, Named(emulator) })
        {
            foreach (var path in new[] { "api/batches", "api/jobs", "_local/credits", "mcp", "v1/models/nano-banana-2" })
            {
                await page.Tab.GoToAsync(evil.AbsoluteUri);
                await page.EvaluateAsync<object>($$"""
                    (() => {
                        const form = document.body.appendChild(document.createElement("form"));
                        [form.method, form.enctype, form.action] = ["post", "text/plain", "{{new Uri(root, path)}}"];
                        const field = form.appendChild(document.createElement("input"));
                        [field.name, field.value] = [{{System.Text.Json.JsonSerializer.Serialize(Manifest[..^1] + ",\"x")}}, "\":1}"];
                    })()
                    """);
                var (sent, _) = (page.Tab.WaitForNavigationAsync(), await page.EvaluateAsync<object>("document.forms[0].submit()"));
                Assert.InRange((int)(await sent).Status, 400, 499);
            }
        }

        // Rebinding: once its own name leads to this machine, the page is of the same origin there, and may read all answers.
        foreach (var root in new[] { Named(app), Named(emulator) })
        {
            Assert.InRange((int)(await page.Tab.GoToAsync(root.AbsoluteUri)).Status, 400, 499);
            foreach (var (method, path) in new[]
                     {
                         ("GET", "api/batches"), ("GET", "api/dashboard"), ("GET", "api/openapi.json"), ("POST", "api/batches"), ("POST", "api/jobs"), ("GET", "_local/keys"),
                         ("GET", "_local/requests"), ("POST", "_local/credits"), ("DELETE", "_local/calls"), ("GET", "openapi.json"), ("GET", ""),
                     })
            {
                var status = await page.EvaluateAsync<int>($$"""
                    fetch("/{{path}}", { method: "{{method}}", body: "{{method}}" === "POST" ? {{System.Text.Json.JsonSerializer.Serialize(Manifest)}} : undefined }).then(answer => answer.status)
                    """);
                Assert.True(status is 403 or 421, $"{method} {root}{path}: {status}");
            }
        }

        // From its own address, a script may not read what comes back, and what it sends is refused.
        await page.Tab.GoToAsync(evil.AbsoluteUri);
        foreach (var root in new[] { app, Named(app), emulator, Named(emulator) })
        {
            Assert.Equal("unreadable", await page.EvaluateAsync<string>($$"""
                fetch("{{new Uri(root, "api/batches")}}").then(() => "read", () => "unreadable")
                """));
            await page.EvaluateAsync<string>($$"""
                fetch("{{new Uri(root, "api/batches")}}", { method: "POST", mode: "no-cors", body: {{System.Text.Json.JsonSerializer.Serialize(Manifest)}} }).then(() => "sent", () => "not sent")
                """);
        }

        Assert.Equal(before, await SnapshotAsync());
    }

    private static Uri Named(Uri root) => new UriBuilder(root) { Host = "evil.test" }.Uri;

    private static async Task<WebApplication> StartSiteAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.Run(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<!doctype html><title>evil</title><body></body>");
        });
        await site.StartAsync();
        return site;
    }

    /// <summary>What a page could change: the batches, and what the emulated account has and has done.</summary>
    private async Task<string> SnapshotAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(shared.Running.Local.AppUrl, "api/batches"))
            + await http.GetStringAsync(new Uri(shared.Running.Local.EmulatorUrl, "_local/ledger"));
    }
}
