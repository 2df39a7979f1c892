using System.CommandLine;
using Clipia.Shared;

namespace ClipiaFlows.Cli.Api;

/// <summary>Where the app is: <c>--url</c>, else CLIPIAFLOWS_URL, else the address of `dev`. The key comes from the environment only.</summary>
internal static class AppConnection
{
    private const string Default = "http://127.0.0.1:7071";
    private const string UrlVariable = "CLIPIAFLOWS_URL";
    private const string KeyVariable = "CLIPIAFLOWS_KEY";

    public static Option<string?> CreateUrlOption()
    {
        var option = new Option<string?>("--url")
        {
            Description = $"Address of the app. Default: CLIPIAFLOWS_URL, else {Default}. Its function key is read from CLIPIAFLOWS_KEY.",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } url)
                return;
            if (SecretText.FlawOfText(url) is { } flaw)
                result.AddError($"--url {flaw}.");
            else if (Parse(url) is null)
                result.AddError($"'{url}' is not an http or https address.");
        });
        return option;
    }

    public static AppClient Open(string? url)
    {
        var set = Environment.GetEnvironmentVariable(UrlVariable);
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        if (url is null && SecretText.FlawOfText(set) is { } flawOfAddress)
            throw new CommandFailure($"{UrlVariable} {flawOfAddress}; set it again without.", ExitCodes.WrongUsage);
        if (SecretText.Flaw(key) is { } flaw)
            throw new CommandFailure($"{KeyVariable} {flaw}; set it again without.", ExitCodes.WrongUsage);
        var address = url ?? (string.IsNullOrEmpty(set) ? Default : set);
        var root = Parse(address)
            ?? throw new CommandFailure($"CLIPIAFLOWS_URL holds '{address}', which is not an http or https address.", ExitCodes.WrongUsage);
        return new AppClient(root, key);
    }

    private static Uri? Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
