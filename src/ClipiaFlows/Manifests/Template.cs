namespace ClipiaFlows.Manifests;

/// <summary>A string of a manifest, taken apart: <c>{{name}}</c> is a variable, <c>${{ … }}</c> another job's output.</summary>
/// <param name="Pointer">Where it is written.</param>
/// <param name="Source">The text as written.</param>
/// <param name="Parts">Its parts, in order.</param>
/// <param name="IsBroken">True when it had problems, which are told already; what it would expand to is not right.</param>
internal sealed record Template(string Pointer, string Source, IReadOnlyList<TemplatePart> Parts, bool IsBroken)
{
    private HashSet<string>? _names;

    /// <summary>The variables named, those in a reference's job id included; may repeat.</summary>
    public IEnumerable<string> Variables => Parts.SelectMany(part => part switch
    {
        TemplatePart.Variable variable => [variable.Name],
        TemplatePart.Reference reference => reference.JobId.Variables,
        _ => [],
    });

    public bool Names(string variable) => (_names ??= [.. Variables]).Contains(variable);

    /// <summary>The variable that the whole text is, or null.</summary>
    public string? Whole => Parts is [TemplatePart.Variable variable] ? variable.Name : null;
}

internal abstract record TemplatePart
{
    public sealed record Text(string Value) : TemplatePart;

    public sealed record Variable(string Name) : TemplatePart;

    public sealed record Reference(Template JobId, string Path) : TemplatePart;
}
