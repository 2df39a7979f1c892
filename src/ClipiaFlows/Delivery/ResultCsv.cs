using System.Globalization;
using ClipiaFlows.Production;

namespace ClipiaFlows.Delivery;

/// <summary>Results as CSV (RFC 4180), safe to open in a spreadsheet.</summary>
internal static class ResultCsv
{
    public const string Header = "id,state,model,attempt,requestId,idempotencyKey,cost,reusedFrom,path,url,contentType,bytes,sha256,width,height,durationSeconds,errorCode,errorMessage,prompt";

    /// <summary>A writer that has written the header.</summary>
    public static async Task<StreamWriter> StartAsync(Stream to, CancellationToken cancellation)
    {
        var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Header.AsMemory(), cancellation);
        return writer;
    }

    public static async Task WriteAsync(StreamWriter to, ResultLine line, CancellationToken cancellation)
    {
        foreach (var row in RowsOf(line))
            await to.WriteLineAsync(row.AsMemory(), cancellation);
    }

    public static IEnumerable<string> RowsOf(ResultLine line) => line.Job.Outputs.Count == 0
        ? [Row(line, null)]
        : line.Job.Outputs.Select(output => Row(line, output));

    private static string Row(ResultLine line, StoredOutput? output) => string.Join(',', new object?[]
    {
        line.Job.Id, line.Job.State, line.Job.Model, line.Job.Attempt, line.Job.RequestId, line.Job.IdempotencyKey,
        line.Job.Cost, line.Job.ReusedFrom,
        output?.Path, output?.Url.OriginalString, output?.ContentType, output?.Bytes, output?.Sha256, output?.Width, output?.Height,
        output?.DurationSeconds, line.Job.Error?.Code, line.Job.Error?.Message, line.Prompt,
    }.Select(Cell));

    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string)
            text = FormulaGuard.Guard(text);
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
