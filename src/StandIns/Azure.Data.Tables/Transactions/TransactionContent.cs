using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The body of a transaction: one change set with one HTTP request per action, in order.</summary>
internal sealed class TransactionContent
{
    private readonly string _batch = $"batch_{Guid.NewGuid()}";
    private readonly string _changeSet = $"changeset_{Guid.NewGuid()}";
    private readonly StringBuilder _text = new();
    private int _parts;

    public TransactionContent() => _text
        .Append("--").Append(_batch).Append("\r\n")
        .Append("Content-Type: multipart/mixed; boundary=").Append(_changeSet).Append("\r\n\r\n");

    public string ContentType => $"multipart/mixed; boundary={_batch}";

    public void Add(Request part)
    {
        _text.Append("--").Append(_changeSet).Append("\r\n")
            .Append("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n")
            .Append("Content-ID: ").Append(_parts++).Append("\r\n\r\n")
            .Append(part.Method).Append(' ').Append(part.Uri).Append(" HTTP/1.1\r\n");
        foreach (var header in part.Headers)
            _text.Append(header.Name).Append(": ").Append(header.Value).Append("\r\n");
        _text.Append("\r\n").Append(Body(part)).Append("\r\n");
    }

    public RequestContent Close()
    {
        _text.Append("--").Append(_changeSet).Append("--\r\n--").Append(_batch).Append("--\r\n");
        return RequestContent.Create(Encoding.UTF8.GetBytes(_text.ToString()));
    }

    private static string Body(Request part)
    {
        if (part.Content is null)
            return "";
        using var body = new MemoryStream();
        part.Content.WriteTo(body, default);
        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
