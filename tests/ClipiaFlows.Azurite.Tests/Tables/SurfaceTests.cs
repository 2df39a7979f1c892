using Azure.Data.Tables;
using ClipiaFlows.Tests.Builds;

namespace ClipiaFlows.Azurite.Tests.Tables;

/// <summary>
/// Everything that the stand-in shows, member by member. A line may be added to the approved text when the product needs
/// the member and the genuine library declares it exactly so.
/// </summary>
public sealed class SurfaceTests
{
    [Fact]
    public void StandIn_ShowsOnlyWhatIsApproved()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Tables");
        var shown = Surface.Of(typeof(TableClient).Assembly.GetExportedTypes());
        File.WriteAllLines(Path.Combine(folder, "Surface.received.txt"), shown);

        Assert.Equal(File.ReadAllLines(Path.Combine(folder, "Surface.approved.txt")), shown);
    }
}
