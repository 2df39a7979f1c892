namespace Clipia.Emulator;

/// <summary>Says what is wrong with a rule, naming the field; null when it can be put in force.</summary>
internal static class ScenarioCheck
{
    // Long enough for every rehearsal, short enough for every sum of times.
    private const int MostSeconds = 366 * 24 * 60 * 60;
    private const int LargestFactor = 10_000;

    private static readonly string[] Routes = [.. ApiRoute.Names, ApiRoute.Any];

    public static string? Problem(ScenarioRule rule)
    {
        if (!Effects.All.Contains(rule.Effect))
            return $"'effect' must be one of {string.Join(", ", Effects.All)}.";
        if (rule.Route is { } route && !Routes.Contains(route))
            return $"'route' must be one of {string.Join(", ", Routes)}.";
        if (rule.Model is { } model && ModelCatalogue.Find(model) is null && TextModels.Find(model) is null)
            return $"There is no model '{model}'.";
        if (rule.First < 1 || rule.Every < 1 || rule.After < 0 || rule.Probability is < 0 or > 1)
            return "'first' and 'every' must be at least 1, 'probability' between 0 and 1, 'after' not negative.";
        if (rule.Factor is < 0 or > LargestFactor)
            return $"'factor' must be between 0 and {LargestFactor}.";
        if (rule.Seconds is < 0 or > MostSeconds || rule.RetryAfter is < 0 or > MostSeconds)
            return $"'seconds' and 'retry_after' must be between 0 and {MostSeconds}.";
        if (rule.Status is < 400 or > 599 && !(rule is { Status: 200, Effect: Effects.HtmlAnswer }))
            return "'status' must be between 400 and 599, or 200 with html_answer.";
        if (rule.Location is { } location && (location.Length == 0 || !location.All(c => c is > ' ' and <= '~')))
            return "'location' must be an address in printable ASCII.";
        return rule.InputSeed is not null && Effects.OnCalls.Contains(rule.Effect)
            ? $"'input_seed' does not go with {rule.Effect}, which strikes before the input is read."
            : null;
    }
}
