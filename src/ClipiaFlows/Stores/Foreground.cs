namespace ClipiaFlows.Stores;

/// <summary>Marks work that a caller is waiting for, as opposed to the background work of batches.</summary>
public static class Foreground
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>Whether the calling code runs on behalf of a waiting caller.</summary>
    internal static bool IsCurrent => Current.Value;

    /// <summary>Runs work as foreground work; the mark ends with it.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        Current.Value = true;
        return await work();
    }
}
