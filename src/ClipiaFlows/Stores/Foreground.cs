namespace ClipiaFlows.Stores;

/// <summary>Work that somebody waits for, as against the work of batches, which goes on by itself.</summary>
public static class Foreground
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>Whether the calling code runs for somebody who waits.</summary>
    internal static bool IsCurrent => Current.Value;

    /// <summary>Runs work that somebody waits for.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        // Ends with this method.
        Current.Value = true;
        return await work();
    }
}
