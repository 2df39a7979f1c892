using System.Diagnostics;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>Keys and secrets that were copied with something around them, given to each program that takes one.</summary>
public sealed class CopiedSecretTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("KEY\r", "ends with a line break (U+000D)")]
    [InlineData("KEY\n", "ends with a line break (U+000A)")]
    [InlineData(" KEY", "begins with a space (U+0020)")]
    [InlineData("KEY\u00a0", "ends with a space (U+00A0)")]
    [InlineData("\ufeffKEY", "begins with a byte order mark (U+FEFF)")]
    [InlineData("KEY\u200b", "ends with an invisible character (U+200B)")]
    [InlineData("\u201cKEY\u201d", "begins with a typographic quotation mark (U+201C)")]
    [InlineData("\u00abKEY\u00bb", "begins with a typographic quotation mark (U+00AB)")]
    [InlineData("'KEY'", "begins with a quotation mark (U+0027)")]
    public async Task Command_KeyWithSomethingAroundIt_IsRefusedByNameInOneSentence(string pattern, string flaw)
    {
        var result = await CliProcess.RunAsync(
            ["list"], environment => environment["CLIPIAFLOWS_KEY"] = pattern.Replace("KEY", Key, StringComparison.Ordinal));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"CLIPIAFLOWS_KEY {flaw}; set it again without.", result.Errors.Trim());
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("CLIPIAFLOWS_URL", "http://127.0.0.1:1\r", "CLIPIAFLOWS_URL ends with a line break (U+000D)")]
    [InlineData("--url", "\u201chttp://127.0.0.1:1\u201d", "--url begins with a typographic quotation mark (U+201C)")]
    [InlineData("--url", "http://127.0.0.1:1\n", "--url ends with a line break (U+000A)")]
    public async Task Command_AddressWithSomethingAroundIt_IsRefusedByName(string name, string address, string expected)
    {
        var result = name == "--url"
            ? await CliProcess.RunAsync(["list", name, address])
            : await CliProcess.RunAsync(["list"], environment => environment[name] = address);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Theory]
    [InlineData("Clipia__ApiKey", "Clipia:ApiKey")]
    [InlineData("Clipia__WebhookSecret", "Clipia:WebhookSecret")]
    [InlineData("Clipia__PreviousWebhookSecret", "Clipia:PreviousWebhookSecret")]
    [InlineData("Callbacks__Key", "Callbacks:Key")]
    [InlineData("Notifications__WebhookSecret", "Notifications:WebhookSecret")]
    [InlineData("AzureWebJobsStorage", "AzureWebJobsStorage")]
    public async Task App_SecretEndsWithALineBreak_EndsWithASentenceThatNamesIt(string variable, string setting)
    {
        var (exitCode, output) = await StartAsync(BuiltParts.App, new()
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Clipia__ApiKey"] = "clipia_test_a", ["LocalRuntime__Port"] = "0", [variable] = Key + "\n",
        });

        Assert.Equal(1, exitCode);
        Assert.Contains(setting, output, StringComparison.Ordinal);
        Assert.Contains("ends with a line break (U+000A)", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Options", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LiveKey", "clipia_live_KEY\r")]
    [InlineData("TestKey", "\u2018clipia_test_KEY\u2019")]
    [InlineData("WebhookSecret", "whsec_KEY\n")]
    public async Task Emulator_SecretWithSomethingAroundIt_EndsWithASentenceThatNamesIt(string option, string pattern)
    {
        var (exitCode, output) = await StartAsync(
            BuiltParts.Emulator, new() { [$"Emulator__{option}"] = pattern.Replace("KEY", Key, StringComparison.Ordinal), ["Emulator__Port"] = "0" });

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Emulator:{option} ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(string program, Dictionary<string, string> settings)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec", program])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            process.Kill();
        }

        return (process.ExitCode, string.Concat(await output));
    }
}
