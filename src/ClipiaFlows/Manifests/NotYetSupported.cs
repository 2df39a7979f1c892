using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>
/// Fields that manifests will have and that nothing acts on yet. They are refused instead of being accepted and ignored:
/// a budget that is not kept is worse than none. Switching one on means deleting its line here.
/// </summary>
internal static class NotYetSupported
{
    public static readonly string[] Root = ["notify"];

    public static readonly string[] Matrix = ["include", "exclude"];

    public static readonly string[] Policy =
        ["budgetCredits", "onBudget", "deadline", "toleratedFailurePercent", "toleratedFailureCount", "approval"];

    public static readonly string[] Reuse = ["batch", "always"];

    public static void Refuse(ProblemList problems, string pointer, JsonElement value) =>
        problems.Add(
            ProblemCodes.NotSupported, pointer, Shown.Json(value), "nothing: leave it out",
            $"'{JsonPointer.Last(pointer)}' is not supported yet.");
}
