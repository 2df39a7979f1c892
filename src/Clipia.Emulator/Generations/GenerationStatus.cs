namespace Clipia.Emulator;

internal static class GenerationStatus
{
    public const string InQueue = "IN_QUEUE";
    public const string InProgress = "IN_PROGRESS";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Canceled = "CANCELED";
}

/// <summary>Why a generation gave nothing. Part of a 200 answer, not an HTTP error.</summary>
internal sealed record GenerationError(string Code, string Message)
{
    public static readonly GenerationError Failed = new("GENERATION_FAILED", "The generation could not be completed.");
    public static readonly GenerationError Canceled = new("GENERATION_CANCELED", "The generation was canceled.");
}
