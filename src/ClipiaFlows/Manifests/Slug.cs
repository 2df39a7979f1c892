using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>Makes a value fit for ids and paths: whatever is not of <c>[A-Za-z0-9._-]</c> becomes a single hyphen.</summary>
internal static class Slug
{
    public static string Of(string value)
    {
        if (value.All(IsPlain))
            return value;

        var slug = new StringBuilder(value.Length);
        var gap = false;
        foreach (var character in value)
        {
            if (!IsPlain(character))
            {
                gap = slug.Length > 0;
                continue;
            }

            if (gap)
                slug.Append('-');
            gap = false;
            slug.Append(character);
        }

        return slug.ToString();
    }

    public static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';
}
