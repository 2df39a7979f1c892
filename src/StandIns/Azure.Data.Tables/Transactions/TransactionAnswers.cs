using System.Globalization;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>Takes the answer to a transaction apart: one HTTP response per action, or the single one of the action that failed.</summary>
internal static class TransactionAnswers
{
    private const string Status = "HTTP/1.1 ";

    public static List<Response> Read(Response response)
    {
        var answers = new List<Response>();
        using var lines = new StreamReader(response.Content.ToStream(), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith(Status, StringComparison.Ordinal))
                answers.Add(ReadPart(line[Status.Length..], lines, response.ClientRequestId));
        }

        return answers;
    }

    private static PartResponse ReadPart(string status, StreamReader lines, string clientRequestId)
    {
        var part = new PartResponse(int.Parse(status.AsSpan(0, 3), CultureInfo.InvariantCulture), status[3..].Trim())
        {
            ClientRequestId = clientRequestId,
        };
        while (lines.ReadLine() is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            part.AddHeader(header[..colon], header[(colon + 1)..].Trim());
        }

        // JSON has no line that begins like a boundary, and a body ends at one.
        var body = new StringBuilder();
        while (lines.ReadLine() is { } line && !line.StartsWith("--", StringComparison.Ordinal))
            body.AppendLine(line);
        part.ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(body.ToString().Trim()));
        return part;
    }
}
