using System.Security.Cryptography;
using System.Text.Json;
using Clipia.Shared;

namespace ClipiaFlows.Cli.Stack;

/// <summary>What the parts of a local stack authenticate each other with. Random; worthless elsewhere.</summary>
internal sealed record StackSecrets(string LiveKey, string TestKey, string WebhookSecret, string CallbackKey)
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static StackSecrets Create() => new(
        "clipia_live_" + RandomText(), "clipia_test_" + RandomText(), "whsec_" + RandomText(), RandomText());

    /// <summary>The secrets kept in a file that only its owner can read; creates it the first time.</summary>
    public static StackSecrets LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            return Load(path);
        }

        var secrets = Create();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, secrets, Json);
        return secrets;
    }

    private static StackSecrets Load(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<StackSecrets>(File.ReadAllText(path), Json)
                is { LiveKey.Length: > 0, TestKey.Length: > 0, WebhookSecret.Length: > 0, CallbackKey.Length: > 0 } secrets)
            {
                secrets.RefuseFlaws(path);
                return secrets;
            }
        }
        catch (JsonException)
        {
            // Told below: what the file holds is not repeated in a message.
        }

        throw new StackException($"{path} does not hold the secrets of a stack; delete the whole folder to start afresh.");
    }

    private void RefuseFlaws(string path)
    {
        foreach (var (name, secret) in new[]
                 {
                     ("liveKey", LiveKey), ("testKey", TestKey), ("webhookSecret", WebhookSecret), ("callbackKey", CallbackKey),
                 })
        {
            if (SecretText.Flaw(secret) is { } flaw)
                throw new StackException($"{name} in {path} {flaw}; correct it, or delete the whole folder to start afresh.");
        }
    }

    private static string RandomText() => RandomNumberGenerator.GetString(Base62, 32);
}
