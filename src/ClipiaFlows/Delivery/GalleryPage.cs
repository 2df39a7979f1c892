using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using ClipiaFlows.Pages;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;

namespace ClipiaFlows.Delivery;

/// <summary>
/// The page that shows what a batch made, written job by job. It is the same wherever it lies: at
/// <c>/api/batches/{id}/gallery</c>, in the receipt, or beside the downloaded files; its script finds the files from there.
/// </summary>
internal sealed class GalleryPage : IAsyncDisposable
{
    private static readonly WebPage Page = WebPage.Load("gallery", "img-src 'self' file: data:; media-src 'self' file:");

    // Text of strangers stands inside a script element: everything that could end it or begin markup is escaped.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly StreamWriter _to;
    private readonly string _end;
    private bool _isFirst = true;

    private GalleryPage(StreamWriter to, string end) => (_to, _end) = (to, end);

    /// <summary>Writes the beginning; disposing of it writes the end.</summary>
    public static async Task<GalleryPage> StartAsync(BatchRow batch, Stream to, CancellationToken cancellation)
    {
        var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        var (before, after) = Page.SplitAt("{{data}}");
        var title = WebUtility.HtmlEncode(batch.Name);
        await writer.WriteAsync(before.Replace("{{title}}", title, StringComparison.Ordinal).AsMemory(), cancellation);
        await writer.WriteAsync($"{{\"batch\":{JsonSerializer.Serialize(BatchView.Of(batch), Json)},\"jobs\":[\n".AsMemory(), cancellation);
        return new GalleryPage(writer, "\n]}" + after.Replace("{{title}}", title, StringComparison.Ordinal));
    }

    /// <summary>Adds a job that has ended.</summary>
    public async Task AddAsync(ResultLine line, CancellationToken cancellation)
    {
        var job = ResultJson.Flat(line, Json).ToJsonString(Json);
        await _to.WriteAsync((_isFirst ? job : ",\n" + job).AsMemory(), cancellation);
        _isFirst = false;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _to.WriteAsync(_end);
        await _to.DisposeAsync();
    }
}
