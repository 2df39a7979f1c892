namespace ClipiaFlows.Cli.Stack;

/// <summary>How one Azurite is started.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>Folder that keeps the data, created when missing; one Azurite at a time. <c>null</c>: kept in memory only.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Port of the blob service; 0, the default, takes a free one.</summary>
    public int BlobPort { get; init; }

    /// <summary>Port of the queue service; 0, the default, takes a free one.</summary>
    public int QueuePort { get; init; }

    /// <summary>Port of the table service; 0, the default, takes a free one.</summary>
    public int TablePort { get; init; }

    /// <summary>Certificate and key files (PEM): serve https and accept bearer tokens. <c>null</c>: http and account key.</summary>
    public (string Certificate, string Key)? Https { get; init; }

    /// <summary>Called once when Azurite's packages must be installed first, which takes about a minute.</summary>
    public Action? Installing { get; init; }
}
