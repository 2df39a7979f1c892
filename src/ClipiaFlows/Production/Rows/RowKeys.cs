using System.Globalization;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Keys within a batch's partition, padded so that the order of keys is the order of use. What every run of Advance looks
/// at has the kinds A to F, so that one query reads it.
/// </summary>
public static class RowKeys
{
    /// <summary>Jobs of one batch at most; what the padding of the keys allows is ten times more.</summary>
    public const int MaxJobs = 100_000;

    private const int HighestPriority = 100;
    private const int MaxWeight = 999_999;

    /// <summary>The job.</summary>
    public static string Job(int n) => string.Create(CultureInfo.InvariantCulture, $"J|{n:D6}");

    /// <summary>The job's place in the ready queue: higher priority first, then the longer chain, then the manifest's order.</summary>
    public static string Ready(int priority, int weight, int n) => string.Create(
        CultureInfo.InvariantCulture, $"Q|{HighestPriority - priority:D3}|{MaxWeight - Math.Min(weight, MaxWeight):D6}|{n:D6}");

    /// <summary>A dependency: <paramref name="to"/> needs <paramref name="from"/>.</summary>
    public static string Edge(int from, int to) => string.Create(CultureInfo.InvariantCulture, $"G|{from:D6}|{to:D6}");

    /// <summary>An active job.</summary>
    public static string Active(int n) => string.Create(CultureInfo.InvariantCulture, $"A|{n:D6}");

    /// <summary>One attempt of a job.</summary>
    public static string Attempt(int n, int attempt) => string.Create(CultureInfo.InvariantCulture, $"R|{n:D6}|{attempt:D3}");

    /// <summary>What RunJob has to say to Advance about an attempt.</summary>
    public static string Marker(int n, int attempt) => string.Create(CultureInfo.InvariantCulture, $"D|{n:D6}|{attempt:D3}");

    /// <summary>A job that ended and whose dependents are still to be told.</summary>
    public static string FollowUp(int n) => string.Create(CultureInfo.InvariantCulture, $"F|{n:D6}");

    /// <summary>A command of somebody's, in the order given.</summary>
    public static string Command(DateTimeOffset at, string operation) =>
        string.Create(CultureInfo.InvariantCulture, $"E|{at.UtcTicks:D19}|{operation}");

    /// <summary>What became of a command.</summary>
    public static string Operation(string operation) => $"P|{operation}";

    /// <summary>An attempt that the batch does not wait for any more and that may still be charged.</summary>
    public static string Tail(int n, int attempt) => string.Create(CultureInfo.InvariantCulture, $"B|{n:D6}|{attempt:D3}");

    /// <summary>An event for others, in order.</summary>
    public static string Outbox(long sequence) => string.Create(CultureInfo.InvariantCulture, $"O|{sequence:D10}");

    /// <summary>How far a target of events has been told.</summary>
    public static string Target(string target) => $"T|{target}";

    /// <summary>The end of the range of all keys of one kind, such as <c>"D"</c>: the character after the bar.</summary>
    public static string EndOf(string kind) => kind + "}";
}
