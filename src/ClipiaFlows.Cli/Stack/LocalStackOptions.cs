namespace ClipiaFlows.Cli.Stack;

/// <summary>How a local stack is started.</summary>
internal sealed class LocalStackOptions
{
    /// <summary>Where it listens. Default: free ports.</summary>
    public LocalPorts? Ports { get; init; }

    /// <summary>Folder that keeps its state and its secrets across runs. Default: a temporary one, removed at the end.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Leaves the temporary folder (storage, state, logs) in place at the end.</summary>
    public bool KeepTemporaryData { get; init; }

    /// <summary>Gives the app the test key: generations finish at once and cost nothing.</summary>
    public bool UseTestKey { get; init; }

    /// <summary>False: the app has no public address, asks for no webhooks and polls.</summary>
    public bool Webhooks { get; init; } = true;

    /// <summary>Public address that a tunnel forwards to the app; webhooks come in there. Default: none, they come directly.</summary>
    public Uri? Tunnel { get; init; }

    /// <summary>How much faster than real time the app's and the emulator's clocks run, 1 to 10. Default: 1.</summary>
    public int ClockScale { get; init; } = 1;

    /// <summary>More settings of the app, as environment variables (`Section__Key`); they win over the stack's own.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>More settings of the emulator, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> EmulatorSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Told what is being done, one short phrase at a time.</summary>
    public Action<string>? Tell { get; init; }
}
