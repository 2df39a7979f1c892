using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Stores;

/// <summary>Pages of a batch of 10,000 jobs, on Azurite.</summary>
public sealed class ListingAtScaleTests(ITestOutputHelper output)
{
    private const int Jobs = 10_000;
    private const string Batch = "large";
    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(200);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Pages_OfTenThousandJobs_TakeNoLongerThan200Milliseconds()
    {
        var store = new TableRowStore(await SharedAzurite.NewTableAsync());
        await SeedAsync(store);
        var queries = new JobQueries(new ClipiaFlows.Stores.Tables(store, store, store));

        // Jobs that lie far apart are read one by one from the emulated storage, which works on one thread.
        var farApart = 2.5 * Goal;
        foreach (var (name, filter, from, goal) in new (string, JobFilter, int, TimeSpan)[]
        {
            ("first page", new(), 0, Goal),
            ("page in the middle", new(), 5000, Goal),
            ("last page", new(), 9900, Goal),
            ("failed jobs, 1 in 100", new(JobState.Failed), 0, farApart),
            ("failed jobs of one model", new(JobState.Failed, "flux-2-pro"), 5000, farApart),
            ("jobs of one colour, 1 in 10", new(Variables: [("colour", "3")]), 0, farApart),
        })
        {
            var best = TimeSpan.MaxValue;
            for (var tries = 0; tries < 40 && best > goal; tries++)
            {
                var started = Stopwatch.GetTimestamp();
                var (page, _) = await queries.PageAsync(Batch, filter, from, 100, None);
                var took = Stopwatch.GetElapsedTime(started);
                best = took < best ? took : best;
                Assert.NotEmpty(page);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {best.TotalMilliseconds:0} ms"));
            // The best of several tries: what else the machine does meanwhile is not what is measured.
            Assert.True(best <= goal, $"{name} took {best.TotalMilliseconds:0} ms.");
        }
    }

    private static async Task SeedAsync(TableRowStore store)
    {
        foreach (var some in Enumerable.Range(0, Jobs).Chunk(50))
        {
            var changes = new RowChanges();
            foreach (var n in some)
            {
                changes.Put(Job(n));
                changes.Put(Attempt(n));
            }

            Assert.True(await store.CommitAsync(changes, None));
        }
    }

    private static JobRow Job(int n) => new()
    {
        PartitionKey = Batch, RowKey = RowKeys.Job(n), N = n, Id = $"job-{n}", Model = n % 2 == 0 ? "nano-banana-2" : "flux-2-pro",
        State = n % 100 == 7 ? JobState.Failed : JobState.Succeeded, VariablesJson = JsonSerializer.Serialize(new { colour = $"{n % 10}" }),
        PlanOffset = n * 500L, PlanLength = 499,
    };

    private static AttemptRow Attempt(int n) => new()
    {
        PartitionKey = Batch, RowKey = RowKeys.Attempt(n, 1), N = n, Attempt = 1, JobId = $"job-{n}", Model = "nano-banana-2",
        State = JobState.Succeeded, RequestId = $"request-{n}", IdempotencyKey = Guid.NewGuid().ToString(), Body = new byte[300],
        FilesJson = JsonSerializer.Serialize(new[]
        {
            new StoredOutput
            {
                Path = $"pictures/{n}.png", Url = new Uri($"https://account.example/outputs/large/pictures/{n}.png"),
                ContentType = "image/png", Bytes = 123456, Sha256 = new string('a', 64), Width = 1024, Height = 1024,
            },
        }),
    };
}
