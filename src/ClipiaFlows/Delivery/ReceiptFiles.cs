namespace ClipiaFlows.Delivery;

/// <summary>The files of a receipt, and what they are.</summary>
public static class ReceiptFiles
{
    /// <summary>Jobs that succeeded, one line of JSON each.</summary>
    public const string Results = "results.jsonl";

    /// <summary>Jobs that did not, one line of JSON each, with code and message.</summary>
    public const string Errors = "errors.jsonl";

    /// <summary>Every job as a table.</summary>
    public const string Table = "results.csv";

    /// <summary>The page that shows everything.</summary>
    public const string Gallery = "gallery.html";

    /// <summary>Counts and credits, and whether they add up.</summary>
    public const string Summary = "summary.json";

    /// <summary>Their names and media types. The summary is written last: where it stands, the others do.</summary>
    public static IReadOnlyDictionary<string, string> ContentTypes { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Results] = "application/x-ndjson",
        [Errors] = "application/x-ndjson",
        [Table] = "text/csv; charset=utf-8",
        [Gallery] = "text/html; charset=utf-8",
        [Summary] = "application/json",
    };
}
