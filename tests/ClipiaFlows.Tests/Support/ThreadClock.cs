using System.Runtime.InteropServices;

namespace ClipiaFlows.Tests.Support;

/// <summary>CPU time of the calling thread: what other tests and processes do meanwhile does not count.</summary>
internal static partial class ThreadClock
{
    // clock_gettime(2) on Linux; elsewhere the time of the process is the nearest there is.
    private const int ThreadCpuTime = 3;

    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000d)
            : Environment.CpuUsage.TotalTime;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
