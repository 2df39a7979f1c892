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
        while [ $# -gt 0 ]; do [ "$1" = --name ] && name=$2; [ "$1" = --query ] && query=$2; shift; done
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
        var az = Path.Combine(_folder, "az");
        File.WriteAllText(az, Az + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string? this[string secret]
    {
        get => File.Exists(Secret(secret)) ? File.ReadAllText(Secret(secret)) : null;
        set => File.WriteAllText(Secret(secret), value);
    }

    public string Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllText(Path.Combine(_folder, "calls")) : "";

    /// <summary>Runs a hook with nobody at the terminal.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string hook, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh", [RepositoryFolder.Of($"infra/hooks/{hook}"), .. arguments])
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
