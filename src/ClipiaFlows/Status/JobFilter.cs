using System.Text.Json;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>Which jobs to list; everything that is given must hold.</summary>
/// <param name="State">The state.</param>
/// <param name="Model">The model's slug.</param>
/// <param name="Variables">Matrix variables and the values they must have.</param>
public sealed record JobFilter(JobState? State = null, string? Model = null, IReadOnlyList<(string Name, string Value)>? Variables = null)
{
    /// <summary>What the table can decide by itself.</summary>
    internal IReadOnlyList<(string Column, string Value)> Columns
    {
        get
        {
            var columns = new List<(string, string)>();
            // That a claimed job is generating or copying, only its attempt tells.
            if (State is { } state)
                columns.Add((nameof(JobRow.State), IsActive(state) ? nameof(JobState.Submitting) : state.ToString()));
            if (Model is not null)
                columns.Add((nameof(JobRow.Model), Model));
            return columns;
        }
    }

    /// <summary>Whether a job that the table let through is meant, as far as its row tells.</summary>
    internal bool Accepts(JobRow job)
    {
        if (Variables is not { Count: > 0 } asked)
            return true;
        var variables = VariablesOf(job);
        return asked.All(one => variables is not null && variables.TryGetValue(one.Name, out var value) && value == one.Value);
    }

    /// <summary>Whether a job is meant, its attempt being known too.</summary>
    internal bool Accepts(JobView job) => State is null || job.State == State;

    internal static IReadOnlyDictionary<string, string>? VariablesOf(JobRow job) =>
        job.VariablesJson is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json) : null;

    private static bool IsActive(JobState state) => state is JobState.Submitting or JobState.Generating or JobState.Copying;
}
