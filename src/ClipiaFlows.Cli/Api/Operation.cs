using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClipiaFlows.Cli.Api;

/// <summary>A command that the app took, and what became of it.</summary>
internal sealed record Operation(string Id, string Kind, string Status, string? Code, string? Message)
{
    /// <summary>The app's own answer.</summary>
    public JsonElement Raw { get; init; }

    public bool IsPending => Status == "Pending";

    public bool IsDone => Status == "Done";
}

/// <summary>What a retry would run and cost.</summary>
internal sealed record RetryPrice([property: JsonRequired] int Jobs, decimal Credits, int Refused, int Collects = 0)
{
    /// <summary>The app's own answer.</summary>
    public JsonElement Raw { get; init; }
}
