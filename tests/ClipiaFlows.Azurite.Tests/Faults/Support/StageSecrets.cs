using System.Security.Cryptography;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>What the parts of a stage authenticate each other with.</summary>
internal sealed record StageSecrets(string LiveKey, string WebhookSecret, string CallbackKey)
{
    public static StageSecrets Create() => new(
        "clipia_live_" + RandomNumberGenerator.GetHexString(32), "whsec_" + RandomNumberGenerator.GetHexString(32), RandomNumberGenerator.GetHexString(32));
}
