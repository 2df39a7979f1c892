using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Stands for everything that somebody agrees to with a plan: what is made, where it goes, what it costs, by which rules.</summary>
public static class PlanHash
{
    private const int FlushAt = 64 * 1024;

    /// <summary>SHA-256, in lower-case hex, of every job as it is stored, with its price, and of the policy.</summary>
    /// <param name="jobs">The jobs, expanded for <see cref="IdOf"/>.</param>
    /// <param name="credits">The price of a job; null for one that the API refuses.</param>
    /// <param name="policy">How the batch is to be run.</param>
    public static string Of(IReadOnlyList<PlannedJob> jobs, Func<PlannedJob, decimal?> credits, ManifestPolicy policy)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        using var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JsonSerializer.Serialize(writer, policy);
        foreach (var job in jobs)
        {
            writer.Flush();
            writer.Reset();
            buffer.Write("\n"u8);
            (job with { Credits = credits(job) }).WriteTo(writer);
            if (buffer.WrittenCount < FlushAt)
                continue;
            writer.Flush();
            hash.AppendData(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }

        writer.Flush();
        hash.AppendData(buffer.WrittenSpan);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The id that a plan is expanded for: the manifest's own, else a word, because the batch's is not known yet.</summary>
    public static string IdOf(Manifest manifest) => manifest.Id ?? "batch";
}
