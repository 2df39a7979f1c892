using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClipiaFlows.Durable;

/// <summary>The deterministic instance ids of the flows, so that no lookup stands between a delivery and its job.</summary>
public static class InstanceIds
{
    /// <summary>The id of the instance that runs a batch: <c>b-{batch}</c>.</summary>
    public static string ForBatch(string batch) => $"b-{batch}";

    /// <summary>The id of the instance that sends a batch's events: <c>o-{batch}</c>.</summary>
    public static string ForEvents(string batch) => $"o-{batch}";

    /// <summary>The id of the instance that runs one attempt of a job: <c>j-{batch}-{n}-{attempt}</c>.</summary>
    public static string ForJob(string batch, int n, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"j-{batch}-{n}-{attempt}");

    /// <summary>Reads an id written by <see cref="ForJob"/>. Never throws.</summary>
    public static bool TryParseJob(string instanceId, [NotNullWhen(true)] out string? batch, out int n, out int attempt)
    {
        (batch, n, attempt) = (null, 0, 0);
        if (!instanceId.StartsWith("j-", StringComparison.Ordinal))
            return false;
        var last = instanceId.LastIndexOf('-');
        var first = last > 2 ? instanceId.LastIndexOf('-', last - 1) : -1;
        if (first < 3
            || !int.TryParse(instanceId.AsSpan(first + 1, last - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out n)
            || !int.TryParse(instanceId.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out attempt))
            return false;
        batch = instanceId[2..first];
        return true;
    }
}
