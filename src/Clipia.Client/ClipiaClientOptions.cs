using System.ComponentModel.DataAnnotations;

namespace Clipia;

/// <summary>How to reach Clipia, and how patient one call is. Checked once, at start-up.</summary>
public sealed class ClipiaClientOptions
{
    /// <summary>
    /// Root of the API without <c>/v1</c>; a path prefix is kept. https, or http on a loopback address.
    /// Default: Clipia's public endpoint.
    /// </summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("https://api.clipia.ai");

    /// <summary>Secret key, <c>clipia_live_…</c> or <c>clipia_test_…</c>. Required; never logged, sent to <see cref="BaseUrl"/> only.</summary>
    [Required(ErrorMessage = "An API key is required: clipia_live_... or clipia_test_..., from the Clipia console (setting Clipia:ApiKey).")]
    public string ApiKey { get; set; } = "";

    /// <summary>
    /// Real time allowed for one HTTP attempt, its answer read to the end. Default 60 s; 100 ms to 10 min. A look at a status
    /// takes 15 s at most, at a result 30 s, unless the call asks for more.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often one call is sent at most, the first time included. Default 8; 1 to 50.</summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>
    /// A retry that would start later than this after the first attempt is not made; the failure is thrown at once instead. So
    /// is a call that would have to wait longer for the key's request rate, which every answer tells: then nothing was sent.
    /// Default 5 min; 0 to 23 h, since Clipia forgets an idempotency key after 24 h and would charge a second time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:00:00")]
    public TimeSpan RetryBudget { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The settings without the key.</summary>
    public override string ToString() =>
        $"{BaseUrl}, key {(string.IsNullOrEmpty(ApiKey) ? "missing" : "redacted")}, {MaxAttempts} attempts of {AttemptTimeout} within {RetryBudget}";
}
