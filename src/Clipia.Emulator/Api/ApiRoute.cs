namespace Clipia.Emulator;

/// <summary>One route under /v1. Segments in braces take any value.</summary>
internal sealed record ApiRoute(string Name, string Method, string Template, Func<ApiCall, Task<Reply>> Handle)
{
    public const string Submit = "submit";

    /// <summary>What a scenario calls all of them.</summary>
    public const string Any = "any";

    public static readonly string[] Names = [Submit, "estimate", "status", "result", "models", "model", "account"];

    private readonly string[] _segments = Template.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public bool Matches(IReadOnlyList<string> segments)
    {
        if (segments.Count != _segments.Length)
            return false;
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i][0] == '{' ? segments[i].Length == 0 : _segments[i] != segments[i])
                return false;
        }
        return true;
    }
}

/// <summary>An authenticated call. <see cref="Argument"/> is the value of the route's one variable segment.</summary>
internal sealed record ApiCall(HttpContext Http, ApiKey Key, IReadOnlyList<string> Segments)
{
    public string Argument => Segments[2];

    /// <summary>The emulator as the caller named it; by its own address when the caller gave no usable name.</summary>
    public string Origin
    {
        get
        {
            var named = $"{Http.Request.Scheme}://{Http.Request.Host.Value}";
            return Uri.TryCreate(named, UriKind.Absolute, out _) ? named : $"{Http.Request.Scheme}://127.0.0.1:{Http.Connection.LocalPort}";
        }
    }
}
