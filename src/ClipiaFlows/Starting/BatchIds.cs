using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Starting;

/// <summary>The ids of batches.</summary>
public static partial class BatchIds
{
    /// <summary>Whether the text can be a batch's id: 3 to 40 lower-case letters, digits and hyphens.</summary>
    public static bool IsValid(string text) => Form().IsMatch(text);

    /// <summary>
    /// The id that a caller's Idempotency-Key stands for: the same key, the same batch. A key that can be an id, such as a
    /// lower-case UUID, is the id.
    /// </summary>
    public static string FromIdempotencyKey(string key) =>
        IsValid(key) ? key : "key-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24];

    /// <summary>An id that nobody has yet, recognizable by the manifest's name.</summary>
    public static string Random(string? name)
    {
        var words = NotAllowed().Replace(Slug.Readable(name ?? "batch").ToLowerInvariant(), "-").Trim('-');
        var readable = words.Length > 28 ? words[..28].TrimEnd('-') : words;
        return $"{(readable.Length == 0 ? "batch" : readable)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    [GeneratedRegex("^[a-z0-9-]{3,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotAllowed();
}
