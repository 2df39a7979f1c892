using System.ComponentModel.DataAnnotations;
using Clipia.Shared;
using Microsoft.Extensions.Options;

namespace Clipia;

/// <summary>What data annotations cannot say about the options. No message repeats the key.</summary>
internal sealed class ClipiaClientOptionsRules : IValidateOptions<ClipiaClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ClipiaClientOptions options) =>
        BrokenRules(options).ToList() is { Count: > 0 } broken
            ? ValidateOptionsResult.Fail(broken)
            : ValidateOptionsResult.Success;

    public static void ThrowIfBroken(ClipiaClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var annotations = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), annotations, validateAllProperties: true);
        var problems = annotations.Select(result => result.ErrorMessage).Concat(BrokenRules(options)).ToList();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
    }

    private static IEnumerable<string> BrokenRules(ClipiaClientOptions options)
    {
        if (options.BaseUrl is { } url && BaseUrlProblem(url) is { } problem)
            yield return $"BaseUrl {problem}";
        // A key that cannot stand in a header would surface later, inside an exception of the HTTP stack that quotes it.
        if (SecretText.Flaw(options.ApiKey) is { } flaw)
            yield return $"The API key (setting Clipia:ApiKey) {flaw}; copy it again from the Clipia console.";
    }

    private static string? BaseUrlProblem(Uri url)
    {
        if (!url.IsAbsoluteUri)
            return "must be absolute, such as https://api.clipia.ai.";
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            return "must be https; http is allowed on a loopback address only.";
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return "must not have user information, a query or a fragment.";
        if (url.Segments.Any(segment => segment.Trim('/').Equals("v1", StringComparison.OrdinalIgnoreCase)))
            return "must not contain /v1, which the client adds.";
        return null;
    }
}
