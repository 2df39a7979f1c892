using System.CommandLine;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows dev</c>: the local stack on its usual ports, until it is stopped.</summary>
internal static class DevCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Option<DirectoryInfo?> DataOption = new("--data")
    {
        Description = "Folder that keeps storage, state, logs and keys across runs. Default: a temporary one, removed at the end.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> TunnelOption = new("--tunnel")
    {
        Description = "Public https address of a tunnel to the app. Webhooks come in there; nothing else is answered under its name.",
        HelpName = "URL",
    };

    public static Command Create()
    {
        var command = new Command("dev", "Run the app, the Clipia emulator and Azurite on ports 7071, 7080 and 10000 to 10002, until Ctrl-C.")
        {
            DataOption, TunnelOption,
        };
        TunnelOption.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } url && TunnelAt(url) is null)
                result.AddError($"--tunnel must be an https address without a path, such as https://flows.example.com, found '{url}'.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(DataOption), parsed.GetValue(TunnelOption) is { } url ? TunnelAt(url) : null, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo? data, Uri? tunnel, CancellationToken cancellation)
    {
        await using var stack = await Talk.WhileAsync("Starting the local stack", tell => LocalStack.StartAsync(
            new LocalStackOptions { Ports = LocalPorts.Fixed, DataDirectory = data?.FullName, Tunnel = tunnel, Tell = tell }, cancellation));
        await Console.Out.WriteLineAsync($"""
            app             {stack.AppUrl}
            emulator        {stack.EmulatorUrl}
            storage         {stack.StorageConnectionString}
            live key        {stack.LiveKey}
            test key        {stack.TestKey}
            webhook secret  {stack.WebhookSecret}
            data and logs   {stack.DataDirectory}
            ready
            """);

        // Being stopped is how this command ends, so that is not a failure.
        while (!cancellation.IsCancellationRequested)
        {
            if (await stack.ReviveAppAsync(cancellation))
                Talk.Line("The app was killed and runs again; its batches go on.");
            stack.ThrowIfDead();
            await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Talk.Line("Stopping.");
        return ExitCodes.Done;
    }

    private static Uri? TunnelAt(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && !address.IsLoopback
        && address.UserInfo.Length == 0 && address.PathAndQuery == "/" && address.Fragment.Length == 0
            ? address
            : null;
}
