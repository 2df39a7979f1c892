using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>The members of a JSON object, each once; a repeated one is a problem and its first value counts.</summary>
internal static class JsonMembers
{
    public static Dictionary<string, JsonElement> Of(JsonElement element, string pointer, ProblemList problems)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        HashSet<string>? told = null;
        foreach (var member in element.EnumerateObject())
        {
            if (members.TryAdd(member.Name, member.Value) || !(told ??= []).Add(member.Name))
                continue;
            problems.Add(
                ProblemCodes.DuplicateField, JsonPointer.Child(pointer, member.Name), Shown.Json(member.Value),
                "each field once", $"'{Shown.Text(member.Name)}' stands more than once in the same object.");
        }

        return members;
    }
}
