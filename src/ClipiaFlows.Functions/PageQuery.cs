using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>Reads the query parameters of lists; a wrong one is told by name.</summary>
internal static class PageQuery
{
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

    public static bool TryReadState<T>(HttpRequest request, out T? state, out IResult? problem)
        where T : struct, Enum
    {
        (state, problem) = (null, null);
        var text = request.Query["state"].ToString();
        if (text.Length == 0)
            return true;
        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var named) && Enum.IsDefined(named))
        {
            state = named;
            return true;
        }

        problem = Problem.Query("state", text, $"one of {string.Join(", ", Enum.GetNames<T>())}");
        return false;
    }
}
