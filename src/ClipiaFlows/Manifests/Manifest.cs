using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>What the user wrote: a batch of generations before anything is expanded, checked for shape only.</summary>
public sealed record Manifest
{
    /// <summary>Version of the format; 1 is the only one.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Id that the batch shall have (<c>[a-z0-9-]{3,40}</c>), or null to let the app choose one.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people, at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Labels by which batches are found again: an object of strings.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What a job has when it says nothing else.</summary>
    public ManifestDefaults Defaults { get; init; } = new();

    /// <summary>The variables over which jobs are repeated, in the order written.</summary>
    public IReadOnlyList<MatrixVariable> Matrix { get; init; } = [];

    /// <summary>Combinations that are added to the matrix, or variables that are added to some of its combinations.</summary>
    public IReadOnlyList<MatrixEntry> MatrixInclude { get; init; } = [];

    /// <summary>Combinations that are taken from the matrix, named by all or some of their values.</summary>
    public IReadOnlyList<MatrixEntry> MatrixExclude { get; init; } = [];

    /// <summary>The jobs as written, in order.</summary>
    public IReadOnlyList<ManifestJob> Jobs { get; init; } = [];

    /// <summary>How the batch is to be run.</summary>
    public ManifestPolicy Policy { get; init; } = new();

    /// <summary>Who is told of the batch and its jobs, besides those that the settings name.</summary>
    public IReadOnlyList<ManifestNotification> Notify { get; init; } = [];

    /// <summary>The same with the highest budget as its own, when it gives none.</summary>
    /// <param name="highest">The highest budget in credits; null for any.</param>
    internal Manifest WithBudgetUpTo(decimal? highest) =>
        this with { Policy = Policy with { BudgetCredits = Policy.BudgetCredits ?? highest } };
}

/// <summary>What a job has when it says nothing else.</summary>
public sealed record ManifestDefaults
{
    /// <summary>Model slug; may be a template.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Input fields, merged with a job's own field by field at the top level: the job's wins, and its <c>null</c> takes
    /// the default away. Undefined when not given.
    /// </summary>
    public JsonElement Input { get; init; }

    /// <summary>Template of output paths.</summary>
    public string? OutputPath { get; init; }
}

/// <summary>A matrix variable and the values it takes: strings, numbers and booleans, each once.</summary>
/// <param name="Name">Name used as <c>{{name}}</c>; case matters.</param>
/// <param name="Pointer">Where it is written.</param>
/// <param name="Values">At least one value.</param>
public sealed record MatrixVariable(string Name, string Pointer, IReadOnlyList<JsonElement> Values);

/// <summary>An entry of the matrix's <c>include</c> or <c>exclude</c>.</summary>
/// <param name="Pointer">Where it is written.</param>
/// <param name="Values">Variables and a value of each: a string, number or boolean.</param>
public sealed record MatrixEntry(string Pointer, IReadOnlyDictionary<string, JsonElement> Values);

/// <summary>A text of the manifest and where it stands.</summary>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Text">The text as written, templates unexpanded.</param>
public readonly record struct PointedText(string Pointer, string Text);

/// <summary>A job as written; it stands for one job or for one per combination of the variables that it names.</summary>
public sealed record ManifestJob
{
    /// <summary>Where it is written, such as <c>/jobs/3</c>.</summary>
    public required string Pointer { get; init; }

    /// <summary>Id as written, templates unexpanded.</summary>
    public required string Id { get; init; }

    /// <summary>Model slug, or null to take the default.</summary>
    public string? Model { get; init; }

    /// <summary>Its own input fields; undefined when it gives none.</summary>
    public JsonElement Input { get; init; }

    /// <summary>The jobs it waits for, as written.</summary>
    public IReadOnlyList<PointedText> Needs { get; init; } = [];

    /// <summary>How often it is repeated, 1 to 1000; <c>{{index}}</c> counts from 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>-100 to 100; among ready jobs the higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Template of its output paths, or null to take the default.</summary>
    public string? OutputPath { get; init; }
}

/// <summary>How a batch is to be run.</summary>
public sealed record ManifestPolicy
{
    /// <summary>Most generations under way at once, 1 to 1000; null leaves it to the API key's limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How often a job is tried again after the API reported it failed, 0 to 10.</summary>
    public int Retries { get; init; }

    /// <summary>Credits that the batch may spend at most; null for no limit.</summary>
    public decimal? BudgetCredits { get; init; }

    /// <summary>What happens when no ready job fits into the budget any more.</summary>
    public OnBudget OnBudget { get; init; }

    /// <summary>When submitting stops, as a moment; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The same, counted from acceptance. Not given together with <see cref="Deadline"/>.</summary>
    public TimeSpan? DeadlineAfter { get; init; }

    /// <summary>How long a submission may take until its job counts as unresolved; null for no limit.</summary>
    public TimeSpan? JobDeadline { get; init; }

    /// <summary>Failed jobs, in percent of all, that are borne; with more, nothing more is submitted. Null for any number.</summary>
    public decimal? ToleratedFailurePercent { get; init; }

    /// <summary>Failed jobs that are borne; with more, nothing more is submitted. Null for any number.</summary>
    public int? ToleratedFailureCount { get; init; }

    /// <summary>Jobs that are produced before somebody must approve the rest; 0 for none.</summary>
    public int ApprovalSample { get; init; }

    /// <summary>Which earlier outputs are taken instead of paying again.</summary>
    public ReuseScope Reuse { get; init; }
}

/// <summary>What happens when no ready job fits into the budget any more.</summary>
public enum OnBudget
{
    /// <summary>The batch pauses; resuming it with a higher budget goes on.</summary>
    Pause,

    /// <summary>What was not submitted is cancelled.</summary>
    Stop,
}

/// <summary>Which earlier outputs are taken instead of paying again.</summary>
public enum ReuseScope
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Those of the same batch.</summary>
    Batch,

    /// <summary>Those of every batch of this app.</summary>
    Always,
}

/// <summary>Somebody who is told. Exactly one of the three is given.</summary>
public sealed record ManifestNotification
{
    /// <summary>Where it is written, such as <c>/notify/0</c>.</summary>
    public required string Pointer { get; init; }

    /// <summary>Address of a webhook in Standard Webhooks form; https, or http on a loopback address.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Whether the storage queue of the settings gets the events.</summary>
    public bool Queue { get; init; }

    /// <summary>Whether the Event Grid topic of the settings gets the events.</summary>
    public bool EventGrid { get; init; }
}
