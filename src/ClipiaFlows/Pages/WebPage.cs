using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ClipiaFlows.Pages;

/// <summary>
/// A page that needs nothing but itself: markup, style and script are one document, and its own policy lets the browser run
/// that very script and no other, whatever text of strangers it shows.
/// </summary>
public sealed class WebPage
{
    private readonly string _document;

    private WebPage(string document) => _document = document;

    /// <summary>Puts a page together from the resources <c>name.html</c>, <c>name.css</c> and <c>name.js</c>.</summary>
    /// <param name="name">The page's name.</param>
    /// <param name="sources">Where pictures, clips and data may come from, as directives of its policy.</param>
    public static WebPage Load(string name, string sources)
    {
        var (style, script) = (Read("shared.css") + Read($"{name}.css"), Read($"{name}.js"));
        var policy = $"default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; {sources}";
        return new(Read($"{name}.html")
            .Replace("{{policy}}", WebUtility.HtmlEncode(policy).Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{{style}}", style, StringComparison.Ordinal)
            .Replace("{{script}}", script, StringComparison.Ordinal));
    }

    /// <summary>The whole document.</summary>
    public override string ToString() => _document;

    /// <summary>The document before and after a place.</summary>
    public (string Before, string After) SplitAt(string place)
    {
        var at = _document.IndexOf(place, StringComparison.Ordinal);
        return (_document[..at], _document[(at + place.Length)..]);
    }

    private static string Read(string resource)
    {
        using var text = new StreamReader(typeof(WebPage).Assembly.GetManifestResourceStream($"ClipiaFlows.Pages.{resource}")!);
        return text.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
