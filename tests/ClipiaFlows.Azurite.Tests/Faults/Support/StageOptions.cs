namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>How a stage is set.</summary>
internal sealed record StageOptions
{
    /// <summary>What the API key allows: so much that nothing waits for it.</summary>
    public const int RequestsPerMinute = 6000;

    /// <summary>Whether the app asks for webhooks; otherwise it polls.</summary>
    public bool Webhooks { get; init; } = true;

    /// <summary>How much faster than real time the clocks of app and emulator run.</summary>
    public int Scale { get; init; } = 10;

    /// <summary>Seconds of a picture, on the fast clock.</summary>
    public double ImageSeconds { get; init; } = 3;

    /// <summary>Seconds of a clip, on the fast clock.</summary>
    public double VideoSeconds { get; init; } = 6;

    /// <summary>Whether Azurite keeps its data in a folder; otherwise in memory.</summary>
    public bool StorageOnDisk { get; init; }

    /// <summary>Whether the emulator is a process of its own, which can be killed; otherwise it runs in this one.</summary>
    public bool EmulatorAsProcess { get; init; }

    /// <summary>Where the app keeps the state of its engine. Default: a temporary folder.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The app to run: another build of ClipiaFlows.KillHost than the usual one, such as one with a fault put in.</summary>
    public string? HostAssembly { get; init; }

    /// <summary>More settings of the app.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();
}
