using System.Text.Json;

namespace Clipia;

/// <summary>Use of the last 30 days; Clipia's pages describe it as that of the calling key.</summary>
/// <param name="Requests">Accepted submissions.</param>
/// <param name="CreditsSpent">Credits charged.</param>
public sealed record Usage30Days(int? Requests, decimal? CreditsSpent)
{
    internal static Usage30Days? Read(JsonElement? json) =>
        json is { } usage ? new(usage.Integer("requests"), usage.Credits("credits_spent")) : null;
}
