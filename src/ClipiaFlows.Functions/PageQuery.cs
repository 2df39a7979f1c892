using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>Reads the query parameters of lists; a wrong one is told by name.</summary>
internal static class PageQuery
{
    /// <summary>Entries of a page that asks for no number.</summary>
    public const int UsualPage = 100;

    /// <summary>Entries of a page at most.</summary>
    public const int LargestPage = 1000;

    public static bool TryReadLimit(HttpRequest request, int usual, int most, out int limit, out IResult? problem)
    {
        (limit, problem) = (usual, null);
        var text = request.Query["limit"].ToString();
        if (text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= most))
            return true;
        problem = Problem.Query("limit", text, $"a number from 1 to {most}");
        return false;
    }

    public static bool TryReadNumber(HttpRequest request, string name, out int number, out IResult? problem)
    {
        (number, problem) = (0, null);
        var text = request.Query[name].ToString();
        if (text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return true;
        problem = Problem.Query(name, text, "what the page before answered");
        return false;
    }

    public static bool TryReadKey(HttpRequest request, string name, Func<string, bool> isKey, out string key, out IResult? problem)
    {
        (key, problem) = (request.Query[name].ToString(), null);
        if (key.Length == 0 || isKey(key))
            return true;
        problem = Problem.Query(name, key, "what the page before answered");
        return false;
    }

    public static bool TryReadState<T>(HttpRequest request, out T? state, out IResult? problem)
        where T : struct, Enum
    {
        (state, problem) = (null, null);
        var text = request.Query["state"].ToString();
        if (text.Length == 0)
            return true;
        // Numbers, and names with commas between them, are enumerations to the parser too.
        if (text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var named) && Enum.IsDefined(named))
        {
            state = named;
            return true;
        }

        problem = Problem.Query("state", text, $"one of {string.Join(", ", Enum.GetNames<T>())}");
        return false;
    }

    /// <summary>A parameter that may be given several times as <c>name:value</c>.</summary>
    public static bool TryReadPairs(
        HttpRequest request, string parameter, out List<(string Name, string Value)> pairs, out IResult? problem)
    {
        (pairs, problem) = ([], null);
        foreach (var text in request.Query[parameter].OfType<string>())
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                problem = Problem.Query(parameter, text, "a name, a colon and a value, such as 'season:spring'");
                return false;
            }

            pairs.Add((text[..colon], text[(colon + 1)..]));
        }

        return true;
    }

    public static bool TryReadMoment(HttpRequest request, string name, out DateTimeOffset? moment, out IResult? problem)
    {
        (moment, problem) = (null, null);
        var text = request.Query[name].ToString();
        if (text.Length == 0)
            return true;
        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            moment = read;
            return true;
        }

        problem = Problem.Query(name, text, "a moment such as '2026-03-01' or '2026-03-01T12:00:00Z'");
        return false;
    }
}
