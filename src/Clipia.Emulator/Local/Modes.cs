namespace Clipia.Emulator;

/// <summary>How strict the emulator is. May be changed while it runs; a restart takes the options again.</summary>
internal sealed class Modes(EmulatorOptions options)
{
    /// <summary>Refuses input fields that the model's schema does not name (422).</summary>
    public bool StrictInput { get; set; } = options.StrictInput;

    /// <summary>Refuses idempotency keys that are not UUIDs (400).</summary>
    public bool StrictKeys { get; set; } = options.StrictKeys;

    /// <summary>Refuses webhook addresses that the real service could not reach: not https, or on a private network (400).</summary>
    public bool StrictWebhooks { get; set; } = options.StrictWebhooks;

    public bool AcceptsWebhook(Uri url) => !StrictWebhooks || (url.Scheme == Uri.UriSchemeHttps && !PrivateAddress.Is(url));

    public bool AcceptsIdempotencyKey(string key) => !StrictKeys || Guid.TryParseExact(key, "D", out _);
}
