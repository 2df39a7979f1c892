namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>Everything that keeps the app from starting, so that all of it is told at once, and what is only odd.</summary>
internal sealed class Problems
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(string sentence) => _errors.Add(sentence);

    public void Warn(string sentence) => _warnings.Add(sentence);
}
