namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Goes through the boundaries of one course.</summary>
/// <param name="course">How the campaign is run.</param>
/// <param name="most">The most first kills; they are spread evenly over all boundaries.</param>
/// <param name="figures">Where to count.</param>
internal sealed class KillMatrix(KillCourse course, int most, KillFigures figures)
{
    // A stage grows slower with what it holds.
    private const int RunsPerStage = 40;

    // Every other run is killed three times more on its way back, each at one of the first so many boundaries of that life.
    private const int OnTheWayBack = 90;

    public async Task RunAsync()
    {
        var lane = await KillLane.OpenAsync(course);
        try
        {
            // The first run fills what the app keeps, such as prices.
            await lane.RecordAsync();
            var (boundaries, undisturbed) = await lane.RecordAsync();
            figures.Undisturbed(course, boundaries, undisturbed);
            var runs = Math.Min(most, boundaries.Count);
            for (var run = 0; run < runs; run++)
            {
                var first = 1 + (int)((long)run * boundaries.Count / runs);
                var killed = await lane.RunAsync(run % 2 == 0 ? [first] : [first, Later(run * 29), Later(run * 53), Later(run * 71)]);
                figures.Add(course, first, killed);
                Console.Error.WriteLine($"{course.Name}: run {run + 1} of {runs}, {figures.Kills} kills in all, {figures.Wrong.Count()} findings");
                foreach (var finding in killed.Wrong)
                    Console.Error.WriteLine($"{course.Name}: killed at {string.Join(" and then at ", killed.Kills)}: {finding}");
                if (lane.Runs < RunsPerStage && killed.Wrong.Count == 0)
                    continue;
                await lane.DisposeAsync();
                lane = await KillLane.OpenAsync(course);
            }
        }
        finally
        {
            await lane.DisposeAsync();
        }
    }

    private static int Later(int some) => 1 + (some % OnTheWayBack);
}
