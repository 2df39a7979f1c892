using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

internal sealed class LocalTraceContext(Activity? activity) : TraceContext
{
    public override string TraceParent => activity?.Id ?? "";

    public override string TraceState => activity?.TraceStateString ?? "";
}
