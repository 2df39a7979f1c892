namespace ClipiaFlows.Cli;

/// <summary>What the command tells its caller; documented in README.md.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int NotReachable = 3;
    public const int Interrupted = 130;
}
