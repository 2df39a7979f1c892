using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>JSON as the genuine libraries write it: by runtime type, fields included.</summary>
internal static class Payload
{
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Serialize(object? value) => JsonDataConverter.Default.Serialize(value);

    public static T? Deserialize<T>(string? payload) => JsonDataConverter.Default.Read<T>(payload);

    /// <summary>Nothing is the default of any T; the converter's own generic method throws for value types.</summary>
    public static T? Read<T>(this DataConverter converter, string? payload) => payload is null ? default : converter.Deserialize<T>(payload);

    public static string Write(TaskFailureDetails failure) => JsonSerializer.Serialize(failure);

    public static TaskFailureDetails ReadFailure(string? payload) => payload is null
        ? new("(unknown)", "(unknown)", null, null, null)
        : JsonSerializer.Deserialize<TaskFailureDetails>(payload)!;

    public static string? Write(IReadOnlyDictionary<string, string>? tags) =>
        tags is { Count: > 0 } ? JsonSerializer.Serialize(tags) : null;

    public static IReadOnlyDictionary<string, string> ReadTags(string? payload) => payload is null
        ? ImmutableDictionary<string, string>.Empty
        : JsonSerializer.Deserialize<Dictionary<string, string>>(payload)!;
}
