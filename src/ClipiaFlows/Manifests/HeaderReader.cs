using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Manifests;

/// <summary>Reads what identifies a batch for programs and people.</summary>
internal static partial class HeaderReader
{
    private const int LongestName = 200;
    private const int MostTags = 50;
    private const int LongestTag = 256;

    public static string? Id(ObjectReader root, ProblemList problems)
    {
        var id = root.Text("id");
        if (id is null || BatchId().IsMatch(id))
            return id;
        problems.Add(
            ProblemCodes.BadValue, root.At("id"), Shown.Text(id), "3 to 40 characters of a-z, 0-9 and -",
            $"'{Shown.Text(id)}' cannot be the id of a batch.", Suggest(id));
        return null;
    }

    public static string? Name(ObjectReader root, ProblemList problems)
    {
        var name = root.Text("name");
        if (name is null || (PlainText.LengthOf(name) <= LongestName && PlainText.IsOneLine(name)))
            return name;
        problems.Add(
            ProblemCodes.BadValue, root.At("name"), Shown.Text(name), "at most 200 characters on one line, without characters that turn the direction of text",
            "'name' is too long or holds characters that cannot be shown.");
        return null;
    }

    public static Dictionary<string, string> Tags(ObjectReader root, ProblemList problems)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.Object("tags") is not { } element)
            return tags;

        var pointer = root.At("tags");
        foreach (var (name, value) in JsonMembers.Of(element, pointer, problems))
        {
            var at = JsonPointer.Child(pointer, name);
            if (!ObjectReader.Is(value, JsonValueKind.String, "a string", at, problems))
                continue;
            if (TagName().IsMatch(name) && value.GetString() is { } text && PlainText.LengthOf(text) <= LongestTag && PlainText.IsOneLine(text))
                tags[name] = text;
            else
            {
                problems.Add(
                    ProblemCodes.BadValue, at, Shown.Json(value),
                    "a name of 1 to 64 characters of A-Z, a-z, 0-9, '.', '_', '-' and a value of at most 256 characters on one line",
                    "The tag's name or value is not allowed.");
            }
        }

        if (tags.Count > MostTags)
        {
            problems.Add(
                ProblemCodes.BadValue, pointer, $"{tags.Count} tags", $"at most {MostTags} tags", "There are too many tags.");
        }

        return tags;
    }

    private static string? Suggest(string id)
    {
        var slug = Slug.ForId(id).ToLowerInvariant().Replace('.', '-').Replace('_', '-');
        slug = slug.Length > 40 ? slug[..40] : slug;
        return BatchId().IsMatch(slug) ? slug : null;
    }

    [GeneratedRegex(@"^[a-z0-9-]{3,40}\z")]
    private static partial Regex BatchId();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex TagName();
}
