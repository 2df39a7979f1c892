using Microsoft.Extensions.Configuration;

namespace ClipiaFlows;

/// <summary>
/// Settings that still hold the text of a Key Vault reference. The platform passes it on where it could not read the
/// secret, and a secret that everybody can guess must not be believed.
/// </summary>
internal static class UnresolvedReferences
{
    private const string Start = "@Microsoft.KeyVault(";

    /// <summary>Refuses them by name.</summary>
    /// <exception cref="InvalidOperationException">There are some.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        var names = configuration.AsEnumerable()
            .Where(setting => setting.Value?.StartsWith(Start, StringComparison.OrdinalIgnoreCase) is true)
            .Select(setting => setting.Key)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (names.Count > 0)
            throw new InvalidOperationException(
                $"The Key Vault references in {string.Join(", ", names)} could not be resolved: does the vault hold these secrets, and may the app's identity read them?");
    }
}
