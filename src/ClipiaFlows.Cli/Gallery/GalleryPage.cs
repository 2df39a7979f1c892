using System.Globalization;
using System.Net;
using System.Text;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Gallery;

/// <summary>One page that shows everything a batch has made. It needs nothing but the files beside it: no script, no network.</summary>
internal static class GalleryPage
{
    /// <summary>Writes <c>gallery.html</c> into the folder of the files and returns its path.</summary>
    public static async Task<string> WriteAsync(Batch batch, IReadOnlyList<Job> jobs, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, "gallery.html");
        await File.WriteAllTextAsync(path, Render(batch, jobs), cancellation);
        return path;
    }

    internal static string Render(Batch batch, IReadOnlyList<Job> jobs)
    {
        var title = Text(batch.Name ?? batch.Id);
        var page = new StringBuilder($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>
            {Style()}</style>
            </head>
            <body>
            <a class="skip" href="#works">Skip to the works</a>
            <header>
            <h1>{title}</h1>
            <p>Batch <code>{Text(batch.Id)}</code>: {batch.Jobs.Succeeded} of {batch.Jobs.Total} jobs succeeded, {Number(batch.Credits.Charged ?? 0)} credits charged.</p>
            </header>
            <main id="works">
            <ul class="works">

            """);
        foreach (var job in jobs.OrderBy(job => job.N))
            AppendJob(page, job);
        return page.Append("</ul>\n</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendJob(StringBuilder page, Job job)
    {
        if (job.Outputs.Count == 0)
            page.Append("<li><article class=\"failed\">").Append(About(job, null)).Append("</article></li>\n");
        foreach (var output in job.Outputs)
            page.Append("<li><article>").Append(Media(job, output)).Append(About(job, output)).Append("</article></li>\n");
    }

    private static string Media(Job job, JobOutput output)
    {
        var (href, alt) = (Href(output.Path), Text(job.Prompt ?? job.Id));
        var size = output is { Width: { } width, Height: { } height } ? $" width=\"{width}\" height=\"{height}\"" : "";
        return output.IsVideo ? $"<video src=\"{href}\" controls muted loop playsinline preload=\"auto\" aria-label=\"{alt}\"{size}></video>"
            : output.IsImage ? $"<a href=\"{href}\"><img src=\"{href}\" alt=\"{alt}\" loading=\"lazy\"{size}></a>"
            : "";
    }

    private static string About(Job job, JobOutput? output)
    {
        var facts = new StringBuilder();
        AppendFact(facts, "Model", Text(job.Model));
        AppendFact(facts, "Credits", job.Cost is { } cost ? Number(cost) : null);
        AppendFact(facts, "State", output is null ? Text(job.State) : null);
        AppendFact(facts, "Error", job.Error is { } error ? Text($"{error.Code} {error.Message}") : null);
        AppendFact(facts, "Size", output is { Width: { } width, Height: { } height } ? $"{width} × {height}" : null);
        AppendFact(facts, "Length", output?.DurationSeconds is { } seconds ? $"{seconds.ToString("0.#", CultureInfo.InvariantCulture)} s" : null);
        AppendFact(facts, "File", output is null ? null : $"<a href=\"{Href(output.Path)}\">{Text(output.Path)}</a>");
        AppendFact(facts, "SHA-256", output?.Sha256 is { } hash ? $"<code>{Text(hash)}</code>" : null);
        var prompt = job.Prompt is { } text ? $"<p class=\"prompt\">{Text(text)}</p>" : "";
        return $"<div class=\"about\"><h2>{Text(job.Id)}</h2>{prompt}<dl>{facts}</dl></div>";
    }

    private static void AppendFact(StringBuilder facts, string name, string? html)
    {
        if (html is not null)
            facts.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{html}</dd>");
    }

    private static string Style()
    {
        using var css = new StreamReader(typeof(GalleryPage).Assembly.GetManifestResourceStream("gallery.css")!);
        return css.ReadToEnd();
    }

    private static string Href(string path) => Text(string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(decimal credits) => credits.ToString("0.##", CultureInfo.InvariantCulture);
}
