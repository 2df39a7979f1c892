using System.ComponentModel.DataAnnotations;
using Clipia.Shared;

namespace ClipiaFlows.Callbacks;

/// <summary>Where Clipia can reach the app, and what it may believe. Bound from the <c>Callbacks</c> section.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Callbacks";

    private const int ShortestKey = 16;

    /// <summary>
    /// The app's public address without <c>/api</c>, such as <c>https://flows.example.com</c>. Without it, jobs are submitted
    /// without a webhook and polled.
    /// </summary>
    public Uri? PublicBaseUrl { get; set; }

    /// <summary>Our own secret that binds a callback address to its job; at least 16 characters.</summary>
    public string Key { get; set; } = "";

    /// <summary>The secret before the last rotation; addresses made with it stay good.</summary>
    public string PreviousKey { get; set; } = "";

    /// <summary>The secret that Clipia signs deliveries with. Bound from <c>Clipia:WebhookSecret</c>.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>The signing secret before the last rotation. Bound from <c>Clipia:PreviousWebhookSecret</c>.</summary>
    public string PreviousWebhookSecret { get; set; } = "";

    /// <summary>The signing secrets in force.</summary>
    public IReadOnlyList<string> WebhookSecrets =>
        [.. new[] { WebhookSecret, PreviousWebhookSecret }.Where(secret => secret.Length > 0)];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, found) in new[]
                 {
                     ("Callbacks:Key", SecretText.FlawOfText(Key)), ("Callbacks:PreviousKey", SecretText.FlawOfText(PreviousKey)),
                     ("Clipia:WebhookSecret", SecretText.Flaw(WebhookSecret)), ("Clipia:PreviousWebhookSecret", SecretText.Flaw(PreviousWebhookSecret)),
                 })
        {
            if (found is { } flaw)
                yield return new($"{name} {flaw}; set it to the secret alone.");
        }

        if (PublicBaseUrl is null)
            yield break;
        if (!PublicBaseUrl.IsAbsoluteUri || (PublicBaseUrl.Scheme != Uri.UriSchemeHttps && !PublicBaseUrl.IsLoopback))
            yield return new("Callbacks:PublicBaseUrl must be an absolute https address, or http on a loopback address.");
        if (Key.Length < ShortestKey)
            yield return new($"Callbacks:Key must have at least {ShortestKey} characters when Callbacks:PublicBaseUrl is set.");
        if (WebhookSecret.Length == 0)
            yield return new("Clipia:WebhookSecret is required when Callbacks:PublicBaseUrl is set; the Clipia console shows it.");
    }
}
