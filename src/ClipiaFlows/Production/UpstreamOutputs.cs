using System.Text.Json;
using System.Text.Json.Nodes;
using Clipia;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>An input with the outputs of needed jobs in it.</summary>
/// <param name="Resolution">What is sent, or why it cannot be made.</param>
/// <param name="ReuseKey">What makes the job equal to another; <c>null</c> when the input could not be made.</param>
public sealed record ResolvedInput(ReferenceResolution Resolution, string? ReuseKey);

/// <summary>What a needed job has made.</summary>
/// <param name="OutputJson">The upstream output object.</param>
/// <param name="FilesJson">The stored files, as JSON: an array of <see cref="StoredOutput"/>.</param>
public sealed record UpstreamOutput(string OutputJson, string? FilesJson);

/// <summary>Puts the outputs of needed jobs into the input of the job that refers to them.</summary>
public sealed class UpstreamOutputs(Tables tables)
{
    /// <summary>Resolves the references of a planned job; the jobs it needs have succeeded.</summary>
    public async Task<ResolvedInput> ResolveAsync(string batch, PlannedJob plan, CancellationToken cancellation)
    {
        var outputs = new Dictionary<string, UpstreamOutput>(StringComparer.Ordinal);
        foreach (var n in OutputReference.In(plan.Input).Count == 0 ? [] : plan.Needs)
        {
            var job = await tables.Jobs.FindAsync<JobRow>(batch, RowKeys.Job(n), cancellation);
            if (job is null)
                continue;
            var attempt = await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(n, job.Attempt), cancellation);
            if (attempt?.OutputJson is { } output)
                outputs[job.Id] = new(output, attempt.FilesJson);
        }

        return Resolve(plan, outputs);
    }

    /// <summary>The same with outputs that are known, by the job's id.</summary>
    public static ResolvedInput Resolve(PlannedJob plan, IReadOnlyDictionary<string, UpstreamOutput> outputs)
    {
        var sent = OutputReference.Resolve(plan.Input, id => outputs.TryGetValue(id, out var found) ? JsonElement.Parse(found.OutputJson) : default);
        if (sent.Failure is not null)
            return new(sent, null);
        var compared = outputs.Count == 0
            ? sent
            : OutputReference.Resolve(plan.Input, id => outputs.TryGetValue(id, out var found) ? ByContent(found) : default);
        return new(sent, ReuseKey.Of(plan.Model, compared.Input, plan.Replica));
    }

    /// <summary>The output with hashes in the place of addresses: equal files are equal, wherever they lie.</summary>
    private static JsonElement ByContent(UpstreamOutput upstream)
    {
        var output = JsonNode.Parse(upstream.OutputJson)!;
        if (upstream.FilesJson is not { } stored)
            return JsonSerializer.SerializeToElement(output);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (media, file) in MediaFiles.Read(JsonElement.Parse(upstream.OutputJson)).Zip(JsonSerializer.Deserialize<List<StoredOutput>>(stored)!))
        {
            hashes[media.Url.OriginalString] = file.Sha256;
            if (media.OriginalUrl is { } original)
                hashes[original.OriginalString] = file.Sha256;
        }

        return JsonSerializer.SerializeToElement(Replace(output, hashes));
    }

    private static JsonNode? Replace(JsonNode? node, Dictionary<string, string> hashes) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Replace(member.Value, hashes)))),
        JsonArray items => new JsonArray([.. items.Select(item => Replace(item, hashes))]),
        JsonValue value when value.TryGetValue<string>(out var text) && hashes.TryGetValue(text, out var hash) => "sha256:" + hash,
        _ => node?.DeepClone(),
    };
}
