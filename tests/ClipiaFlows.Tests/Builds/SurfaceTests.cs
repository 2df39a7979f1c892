using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;

namespace ClipiaFlows.Tests.Builds;

/// <summary>
/// What stands in for the genuine libraries shows nothing that nobody looked up. A line may be added to an approved text
/// when the product needs the member and the genuine library declares it exactly so.
/// </summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData("Microsoft.DurableTask", typeof(TaskOrchestrationContext))]
    [InlineData("Microsoft.Azure.Functions.Worker", typeof(FunctionContext))]
    [InlineData("Microsoft.Azure.Functions.Worker.Builder", typeof(FunctionsApplicationBuilder))]
    public void StandIn_ShowsOnlyWhatIsApproved(string name, Type one)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Builds");
        // The local runtime declares some genuine names beside its own.
        var shown = Surface.Of(one.Assembly.GetExportedTypes().Where(type => type.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal)));
        File.WriteAllLines(Path.Combine(folder, $"{name}.received.txt"), shown);

        Assert.Equal(File.ReadAllLines(Path.Combine(folder, $"{name}.approved.txt")), shown);
    }
}
