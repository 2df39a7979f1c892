using System.Text.Json;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Puts the outputs of needed jobs into the input of the job that refers to them.</summary>
public sealed class UpstreamOutputs(Tables tables)
{
    /// <summary>Resolves the references of a planned job; the jobs it needs have succeeded.</summary>
    public async Task<ReferenceResolution> ResolveAsync(string batch, PlannedJob plan, CancellationToken cancellation)
    {
        var outputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var n in OutputReference.In(plan.Input).Count == 0 ? [] : plan.Needs)
        {
            var job = await tables.Jobs.FindAsync<JobRow>(batch, RowKeys.Job(n), cancellation);
            if (job is null)
                continue;
            var attempt = await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(n, job.Attempt), cancellation);
            if (attempt?.OutputJson is { } output)
                outputs[job.Id] = JsonDocument.Parse(output).RootElement;
        }

        return OutputReference.Resolve(plan.Input, id => outputs.GetValueOrDefault(id));
    }
}
