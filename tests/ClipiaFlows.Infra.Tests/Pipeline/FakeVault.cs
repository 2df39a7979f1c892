using System.Diagnostics;

namespace ClipiaFlows.Infra.Tests.Pipeline;

/// <summary>
/// Stands for the Azure CLI in the hooks' tests: an <c>az</c> on the PATH that keeps secrets as files and notes each call
/// with its arguments. The hooks run as they are.
/// </summary>
internal sealed class FakeVault : IDisposable
{
    private const string Az = """
        #!/bin/sh
        here=$(dirname "$0")
        echo "$@" >> "$here/calls"
        name=
        command="$1 $2 $3"
        while [ $# -gt 0 ]; do
            case $1 in
                --name) name=$2 ;;
                --query) query=$2 ;;
                --parameters) cat "${2#@}" > "$here/parameters" ;;
            esac
            shift
        done
        case $command in
            "keyvault secret set") cat > "$here/secrets/$name" ;;
            "keyvault secret show")
                [ -f "$here/secrets/$name" ] || { echo "(SecretNotFound) There is no secret $name." >&2; exit 3; }
                if [ "$query" = id ]; then echo "id-of-$name"; else cat "$here/secrets/$name"; echo; fi ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("clipiaflows-vault").FullName;

    public FakeVault()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "secrets"));
        foreach (var program in new[] { "az", "azd" })
        {
            var path = Path.Combine(_folder, program);
            File.WriteAllText(path, Az + "\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public string? this[string secret]
    {
        get => File.Exists(Secret(secret)) ? File.ReadAllText(Secret(secret)) : null;
        set => File.WriteAllText(Secret(secret), value);
    }

    /// <summary>The parameters file that was given to the last call, before it was deleted.</summary>
    public string Parameters => File.ReadAllText(Path.Combine(_folder, "parameters"));

    public string Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllText(Path.Combine(_folder, "calls")) : "";

    /// <summary>Runs a hook with nobody at the terminal.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(string hook, string[] arguments, params (string Name, string Value)[] environment) =>
        ExecuteAsync("/bin/sh", [RepositoryFolder.Of($"infra/hooks/{hook}"), .. arguments], environment);

    /// <summary>Runs the preview of a deployment.</summary>
    public Task<(int ExitCode, string Output)> PreviewAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        ExecuteAsync("node", [RepositoryFolder.Of("infra/preview.mjs"), .. arguments], environment);

    private async Task<(int ExitCode, string Output)> ExecuteAsync(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        (string, string)[] azd =
        [
            ("AZURE_KEY_VAULT_NAME", "kv-test"), ("AZURE_SUBSCRIPTION_ID", "sub"), ("AZURE_RESOURCE_GROUP", "rg-test"),
            ("SERVICE_APP_NAME", "func-test"), ("SERVICE_APP_URI", "https://func-test.azurewebsites.net"),
        ];
        foreach (var (name, value) in azd.Concat(environment))
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Secret(string name) => Path.Combine(_folder, "secrets", name);
}

/// <summary>A test of the shell hooks; the PowerShell ones do the same on Windows.</summary>
internal sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute() => Skip = OperatingSystem.IsWindows() ? "The hooks for sh do not run on Windows." : null;
}

/// <summary>As <see cref="ShellFactAttribute"/>, for several cases.</summary>
internal sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute() => Skip = new ShellFactAttribute().Skip;
}
