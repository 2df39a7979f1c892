using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Cli.Stack;

/// <summary>A running Azurite: blobs, queues and tables on the loopback address. It ends with this process, however that ends.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly FileStream? _folder;
    private readonly ConcurrentDictionary<string, Uri> _endpoints = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private bool _disposed;

    private AzuriteProcess(Process process, FileStream? folder)
    {
        _process = process;
        _folder = folder;
        _output = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    /// <summary>Account and key that every Azurite knows; they are public and open nothing else.</summary>
    public static string AccountName => "devstoreaccount1";

    /// <inheritdoc cref="AccountName"/>
    public static string AccountKey =>
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The blob service with the account, such as <c>http://127.0.0.1:10000/devstoreaccount1</c>.</summary>
    public Uri BlobEndpoint => _endpoints["Blob"];

    /// <summary>The queue service with the account.</summary>
    public Uri QueueEndpoint => _endpoints["Queue"];

    /// <summary>The table service with the account.</summary>
    public Uri TableEndpoint => _endpoints["Table"];

    /// <summary>A connection string that names all three endpoints.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol={BlobEndpoint.Scheme};AccountName={AccountName};AccountKey={AccountKey};" +
        $"BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>The process id of Azurite.</summary>
    public int Id => _process.Id;

    /// <summary>Installs Azurite when needed, starts it, and returns when all three services listen.</summary>
    /// <exception cref="StackException">It cannot be installed or started; the message says why.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        AzuriteOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var install = new AzuriteInstall();
        var script = await install.EnsureAsync(options.Installing, cancellation);
        var folder = TakeFolder(options.DataDirectory);
        AzuriteProcess? azurite = null;
        try
        {
            var process = NodePrograms.Start(
                NodePrograms.Node, Path.GetDirectoryName(script)!, [install.Launcher, script, .. Arguments(options)]);
            azurite = new AzuriteProcess(process, folder);
            await azurite.ReadyAsync(cancellation);
            return azurite;
        }
        catch
        {
            if (azurite is not null)
                await azurite.DisposeAsync();
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>Throws when Azurite has ended by itself, with the last lines of its standard error.</summary>
    /// <exception cref="StackException">It is gone.</exception>
    public void ThrowIfDead()
    {
        if (!_disposed && _process.HasExited)
            throw new StackException($"Azurite ended with {_process.ExitCode}. {Complaint()}");
    }

    /// <summary>Lets Azurite save and end; kills it when that takes longer than 20 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _output;
        _process.Dispose();
        _folder?.Dispose();
    }

    private static FileStream? TakeFolder(string? directory)
    {
        if (directory is null)
            return null;
        PrivateFolder.Open(directory);
        return StackLock.TryTake(Path.Combine(directory, "azurite.lock"))
            ?? throw new StackException($"Another Azurite uses {Path.GetFullPath(directory)}; stop it or choose another folder.");
    }

    private static string[] Arguments(AzuriteOptions options) =>
    [
        .. options.DataDirectory is { } folder ? ["--location", Path.GetFullPath(folder)] : new[] { "--inMemoryPersistence" },
        .. options.Https is { } https ? ["--cert", https.Certificate, "--key", https.Key, "--oauth", "basic"] : Array.Empty<string>(),
        // The client libraries speak a newer version of the protocol than Azurite knows, whichever is newest.
        "--silent", "--disableTelemetry", "--skipApiVersionCheck",
        "--blobPort", $"{options.BlobPort}", "--queuePort", $"{options.QueuePort}", "--tablePort", $"{options.TablePort}",
    ];

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await _ready.Task.WaitAsync(StartLimit, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new StackException($"Azurite was not ready after {StartLimit.TotalSeconds:0} seconds. {Complaint()}", late);
        }
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } service)
                continue;
            _endpoints[service.Groups["name"].Value] = new Uri($"{service.Groups["address"].Value}/{AccountName}");
            if (_endpoints.Count == 3)
                _ready.TrySetResult();
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.Enqueue(line);
            if (_errors.Count > 20)
                _errors.TryDequeue(out _);
        }

        _ready.TrySetException(new StackException(InUse().Match(Complaint()) is { Success: true } address
            ? $"Azurite cannot listen on {address.Groups["address"].Value}: another program uses that port."
            : $"Azurite ended before it was ready. {Complaint()}"));
    }

    private string Complaint() => string.Join(' ', _errors);

    [GeneratedRegex(@"^Azurite (?<name>Blob|Queue|Table) service is successfully listening at (?<address>\S+)$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"EADDRINUSE\D*(?<address>[\d.]+:\d+)")]
    private static partial Regex InUse();
}
