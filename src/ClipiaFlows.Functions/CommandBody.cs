using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Production.Commands;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>Reads the arguments of a command: a small JSON object or nothing, and query parameters.</summary>
internal static class CommandBody
{
    private const int LargestBody = 1024 * 1024;
    private const int MostJobs = 10_000;

    // A text column takes 32,768 characters.
    private const int MostIdCharacters = 30_000;
    private const decimal HighestBudget = 1_000_000_000;

    /// <summary>The command, or the problem to answer.</summary>
    public static async Task<(CommandRequest? Command, IResult? Problem)> ReadAsync(
        HttpRequest request, CommandKind kind, CancellationToken cancellation)
    {
        if (BodyEncoding.Refusal(request) is { } refusal)
            return (null, refusal.AsResult());
        if (await RequestBody.ReadAsync(request, LargestBody, cancellation) is not { } bytes)
            return (null, new Problem(413, "body_too_large", $"The arguments of a command have at most {LargestBody} bytes.").AsResult());
        if (kind is CommandKind.Delete)
            return ReadDelete(request);
        if (bytes.IsEmpty)
            return (new CommandRequest(kind), null);
        var text = JsonBody.WithoutMark(bytes);
        if (JsonBody.ProblemsOf(text, isManifest: false) is [var first, ..])
            return (null, new Problem(400, "malformed_json", "The body is not JSON text.", first.Message).AsResult());
        using var document = JsonDocument.Parse(text);
        return ReadFields(document.RootElement, kind);
    }

    private static (CommandRequest?, IResult?) ReadDelete(HttpRequest request) => request.Query["outputs"].ToString() switch
    {
        "" or "false" => (new CommandRequest(CommandKind.Delete), null),
        "true" => (new CommandRequest(CommandKind.Delete) { WithOutputs = true }, null),
        var other => (null, Problem.Query("outputs", other, "'true' or 'false'")),
    };

    private static (CommandRequest?, IResult?) ReadFields(JsonElement body, CommandKind kind)
    {
        if (body.ValueKind is not JsonValueKind.Object)
            return Wrong("", body, "an object");
        var command = new CommandRequest(kind);
        if (body.EnumerateObject().GroupBy(field => field.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return Wrong($"/{twice.Key}", twice.Last().Value, "each field once");
        foreach (var field in body.EnumerateObject())
        {
            switch (kind, field.Name)
            {
                case (CommandKind.Resume or CommandKind.Retry, "budgetCredits"):
                    if (field.Value.ValueKind is not JsonValueKind.Number || !field.Value.TryGetDecimal(out var budget) || budget is <= 0 or > HighestBudget)
                        return Wrong("/budgetCredits", field.Value, $"a number of credits above 0, at most {HighestBudget}");
                    command = command with { BudgetCredits = budget };
                    break;
                case (CommandKind.Cancel, "mode"):
                    if (field.Value.ValueKind is not JsonValueKind.String || field.Value.GetString() is not ("drain" or "abandon"))
                        return Wrong("/mode", field.Value, "'drain' or 'abandon'");
                    command = command with { Kind = field.Value.GetString() is "abandon" ? CommandKind.Abandon : CommandKind.Cancel };
                    break;
                case (CommandKind.Retry, "jobs"):
                    if (field.Value.ValueKind is not JsonValueKind.Array
                        || field.Value.GetArrayLength() is 0 or > MostJobs
                        || field.Value.EnumerateArray().Any(id => id.ValueKind is not JsonValueKind.String))
                        return Wrong("/jobs", field.Value, $"an array of 1 to {MostJobs} ids of jobs");
                    if (JsonSerializer.Serialize(field.Value).Length > MostIdCharacters)
                        return Wrong("/jobs", field.Value, $"ids of at most {MostIdCharacters} characters in all; without 'jobs', all that can be retried are");
                    command = command with { Jobs = [.. field.Value.EnumerateArray().Select(id => id.GetString()!)] };
                    break;
                case (CommandKind.Retry, "buyAgain"):
                    if (field.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                        return Wrong("/buyAgain", field.Value, "true or false");
                    command = command with { BuyAgain = field.Value.GetBoolean() };
                    break;
                default:
                    return Wrong($"/{field.Name}", field.Value, Expected(kind));
            }
        }

        return (command, null);
    }

    private static string Expected(CommandKind kind) => kind switch
    {
        CommandKind.Resume => "no field but budgetCredits",
        CommandKind.Cancel => "no field but mode",
        CommandKind.Retry => "no field but jobs, budgetCredits and buyAgain",
        _ => "no body",
    };

    private static (CommandRequest?, IResult?) Wrong(string pointer, JsonElement value, string expected)
    {
        var shown = value.GetRawText() is { Length: > 100 } text ? text[..100] + "…" : value.GetRawText();
        return (null, new Problem(400, "invalid_arguments", $"'{pointer}' cannot be {shown}.", $"Expected {expected}.").AsResult());
    }
}
