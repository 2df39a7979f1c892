using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Recognizes JSON that is no manifest: a list, or the batch file of another API.</summary>
internal static class ForeignJson
{
    /// <summary>True, and a problem, when it is one of them.</summary>
    public static bool Refuse(JsonElement root, ProblemList problems)
    {
        if (root.ValueKind is JsonValueKind.Array)
        {
            problems.Add(
                ProblemCodes.WrongType, "", $"an array of {root.GetArrayLength()}", "a manifest: an object with jobs",
                $"This is an array of {root.GetArrayLength()} without its object: {AdviceFor(root)}.");
            return true;
        }

        if (FormatOf(root) is not { } format)
            return false;
        problems.Add(
            ProblemCodes.NotAManifest, "", format, "jobs with id, model and input",
            $"This is {format}, not a manifest: make the custom_id of each request the id of a job, and its parameters the job's input.");
        return true;
    }

    private static string AdviceFor(JsonElement array)
    {
        var first = array.EnumerateArray().FirstOrDefault();
        if (FormatOf(first) is { } format)
            return $"it is {format}, so make each request a job in {{\"jobs\": […]}}";
        return first.ValueKind is JsonValueKind.String
            ? "write each text as a job's prompt in {\"jobs\": […]}"
            : "write it as {\"jobs\": […]}";
    }

    private static string? FormatOf(JsonElement request)
    {
        if (request.ValueKind is not JsonValueKind.Object || request.TryGetProperty("jobs", out _))
            return null;
        if (request.TryGetProperty("requests", out var requests) && requests.ValueKind is JsonValueKind.Array)
            return FormatOf(requests.EnumerateArray().FirstOrDefault());
        if (!request.TryGetProperty("custom_id", out _))
            return null;
        if (request.TryGetProperty("body", out _) || request.TryGetProperty("method", out _) || request.TryGetProperty("url", out _))
            return "an OpenAI batch file";
        return request.TryGetProperty("params", out _) ? "an Anthropic batch file" : null;
    }
}
