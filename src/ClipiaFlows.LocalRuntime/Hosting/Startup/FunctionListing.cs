using ClipiaFlows.LocalRuntime.Hosting.Discovery;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>Shows the functions and their addresses as Core Tools does.</summary>
internal static class FunctionListing
{
    public static async Task WriteAsync(TextWriter output, FunctionApp app, string address)
    {
        await output.WriteLineAsync("Functions:");
        foreach (var http in app.Http.All.OrderBy(http => http.Function.Name, StringComparer.OrdinalIgnoreCase))
        {
            var methods = http.ShownMethods.Length > 0 ? $"[{string.Join(',', http.ShownMethods)}] " : "";
            await output.WriteLineAsync($"  {http.Function.Name}: {methods}{address}/{http.Route}");
        }

        var others = app.Functions.Except(app.Http.All.Select(http => http.Function));
        foreach (var function in others.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
            await output.WriteLineAsync($"  {function.Name}: {TriggerName.Of(function.Trigger)}");
        await output.FlushAsync();
    }
}
