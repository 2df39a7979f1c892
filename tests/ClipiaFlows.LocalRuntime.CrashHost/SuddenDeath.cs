using System.Diagnostics;
using ClipiaFlows.LocalRuntime.Durable.Storage;

namespace ClipiaFlows.LocalRuntime.CrashHost;

/// <summary>Ends this process as kill -9 does, next to a commit of its choice.</summary>
internal static class SuddenDeath
{
    /// <param name="where">Side and number of the commit since the start, such as <c>Before:7</c>.</param>
    public static Action<CommitPoint> At(string where)
    {
        var parts = where.Split(':');
        var side = Enum.Parse<CommitPoint>(parts[0]);
        var left = int.Parse(parts[1]);
        return point =>
        {
            if (point == side && --left == 0) Process.GetCurrentProcess().Kill();
        };
    }
}
