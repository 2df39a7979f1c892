using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

/// <summary>The names of bindings that the genuine host shows, such as <c>httpTrigger</c>.</summary>
internal static class TriggerName
{
    public static string Of(BindingAttribute binding)
    {
        var name = binding.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
