using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Clipia.Emulator;

/// <summary>
/// Control of the emulator under /_local: no key, this machine only. Pages of other origins are refused, because a browser
/// would let them post here.
/// </summary>
internal static partial class LocalRoutes
{
    // A misspelled filter would make a rule strike everywhere.
    private static readonly JsonSerializerOptions Reading = new(WireJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Map(IEndpointRouteBuilder app, LocalControl control)
    {
        var local = app.MapGroup("/_local").AddEndpointFilter(async (context, next) =>
            IsForeign(context.HttpContext.Request) ? RefuseForeign() : await next(context));

        local.MapGet("/health", () => Json(new { Status = "ok" }));
        local.MapGet("/keys", () => Json(control.Keys()));
        local.MapPost("/keys", (HttpRequest request) => With<NewKey>(request, control.AddKeyAsync));
        local.MapPatch("/keys/{key}", (HttpRequest request, string key) => With<KeyChange>(request, change => control.ChangeKeyAsync(key, change)));
        local.MapDelete("/keys/{key}", (string key) => control.RevokeKeyAsync(key));
        local.MapPost("/credits", (HttpRequest request) => With<Grant>(request, control.GrantAsync));
        local.MapGet("/ledger", (string? account) => control.Ledger(account));
        local.MapGet("/requests", (int? limit) => Json(control.Requests(limit ?? int.MaxValue)));
        local.MapPost("/requests/{id}/cancel", (string id) => control.Cancel(id));
        local.MapGet("/deliveries", () => Json(control.Deliveries()));
        local.MapGet("/calls", (int? limit) => Json(control.Calls(limit ?? int.MaxValue)));
        local.MapDelete("/calls", control.ClearCalls);
        local.MapGet("/scenarios", () => Json(control.ActiveScenarios()));
        local.MapPost("/scenarios", (HttpRequest request) => With<ScenarioRule>(request, rule => Task.FromResult(control.AddScenario(rule))));
        local.MapDelete("/scenarios", control.ClearScenarios);
        local.MapDelete("/scenarios/{id:int}", (int id) => control.RemoveScenario(id));
        local.MapGet("/settings", () => Json(control.Settings()));
        local.MapPatch("/settings", (HttpRequest request) => With<SettingsChange>(request, change => Task.FromResult(control.ChangeSettings(change))));
    }

    public static IResult Json(object body, int status = StatusCodes.Status200OK) => Results.Json(body, WireJson.Options, statusCode: status);

    public static IResult Refuse(string message, int status = StatusCodes.Status400BadRequest) =>
        Json(new { Error = new { Type = "invalid_request_error", Code = "invalid_request", Message = message } }, status);

    public static IResult RefuseForeign() => Refuse(
        "This address answers to 127.0.0.1, localhost and [::1] only, and to no page of another origin.", StatusCodes.Status403Forbidden);

    /// <summary>
    /// Refuses every name that only leads here, for all routes: a page could give its own name this machine's address and read
    /// what it likes. A caller that names no host is no browser.
    /// </summary>
    public static void RefuseOtherHosts(WebApplication app) => app.Use((http, next) =>
        http.Request.Host.HasValue && !IsLoopback(http.Request) ? RefuseForeign().ExecuteAsync(http) : next(http));

    public static bool IsForeign(HttpRequest request)
    {
        if (!IsLoopback(request))
            return true;
        var origins = request.Headers.Origin;
        return origins.Count > 0 && origins.ToString() != $"{request.Scheme}://{request.Host.Value}";
    }

    private static bool IsLoopback(HttpRequest request) => LoopbackHost.IsMatch(request.Host.Value ?? "");

    // With any port; everything else around the name makes it another one.
    [GeneratedRegex(@"\A(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LoopbackHost { get; }

    private static async Task<IResult> With<T>(HttpRequest request, Func<T, Task<IResult>> act)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Reading) is { } body
                ? await act(body)
                : Refuse("The body must be a JSON object.");
        }
        catch (JsonException failure)
        {
            return Refuse(ControlJson.Describe<T>(failure));
        }
    }
}

/// <param name="Name">Shown in lists.</param>
/// <param name="Environment">live or test.</param>
/// <param name="Scopes">generate and read when absent.</param>
/// <param name="Rpm">Requests per minute; 120 when absent.</param>
/// <param name="Concurrency">Running generations; 10 when absent.</param>
/// <param name="Account">Account id; made with 0 credits when new. Null: the default account.</param>
internal sealed record NewKey(string? Name, string? Environment, string[]? Scopes, int? Rpm, int? Concurrency, string? Account);

/// <summary>What is null stays as it is.</summary>
internal sealed record KeyChange(string? Name, string[]? Scopes, int? Rpm, int? Concurrency);

/// <summary>What is null stays as it is. <paramref name="Strict"/> stands for all three.</summary>
internal sealed record SettingsChange(bool? Strict, bool? StrictInput, bool? StrictKeys, bool? StrictWebhooks);

internal sealed record Grant(long Credits, string? Account);
