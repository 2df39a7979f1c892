using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class MutationTests
{
    private const int Mutations = 1500;

    private const string Whole =
        """
        {"version":1,"id":"spring","name":"n","tags":{"a":"b"},"defaults":{"model":"nano-banana-2","input":{"prompt":"{{tea}} \\{{x}}"}},
         "matrix":{"tea":["Green Tea","Mint"],"size":[1,2.5,true],"exclude":[{"tea":"Mint","size":1}],"include":[{"tea":"Mint","tint":"red"}]},
         "jobs":[{"id":"still-{{tea}}","count":2,"input":{"seed":7,"list":["{{size}}",{"a":null}]},"output":{"path":"{{tea}}/{{size}}-{{index}}-{{output}}.{{ext}}"}},
                 {"id":"clip","model":"seedance-2-fast-i2v","needs":["still-{{tea}}"],"priority":3,
                  "input":{"image_url":"${{ jobs.still-{{tea}}-2.5-1.output.images[0].url }}","duration":5}}],
         "policy":{"maxConcurrency":3,"retries":1,"budgetCredits":100.5,"onBudget":"stop","deadline":"PT2H","jobDeadline":"PT20M",
                   "toleratedFailurePercent":5,"toleratedFailureCount":2,"approval":{"sample":1},"reuse":"batch"},
         "notify":[{"webhook":"https://hooks.example/x"},{"queue":true}]}
        """;

    private const string Lines =
        """
        {"version":1,"defaults":{"model":"nano-banana-2","input":{"prompt":"{{tea}}"}},"matrix":{"tea":["Green Tea","Mint"]}}
        {"id":"still-{{tea}}","output":{"path":"{{tea}}.{{ext}}"}}
        {"id":"clip","model":"seedance-2-fast-i2v","input":{"image_url":"${{ jobs.still-Mint.output.images[0].url }}","duration":5}}
        """;

    /// <summary>Cuts, doubles, overwrites and swaps pieces: whatever comes of it is a plan or has problems, never an exception.</summary>
    [Theory]
    [InlineData(Whole, null)]
    [InlineData(Lines, null)]
    [InlineData(Lines, ManifestFormat.JsonLines)]
    public void Plan_MutatedManifest_IsPlannedOrHasProblemsWithPointers(string whole, ManifestFormat? format)
    {
        Some.Whole(Some.Plan(whole));
        var random = new Random(20260320);
        foreach (var _ in Enumerable.Range(0, Mutations))
        {
            var bytes = Mutate(Encoding.UTF8.GetBytes(whole), random);

            var outcome = Planner.Plan(ManifestReader.Read(bytes, format), "b-1", Some.Catalogue, Some.Now);

            Assert.True(outcome.Plan is null == outcome.Problems.Count > 0, Encoding.UTF8.GetString(bytes));
            Assert.All(outcome.Problems, problem =>
            {
                Assert.True(problem.Pointer.Length == 0 || problem.Pointer[0] == '/');
                Assert.NotEmpty(problem.Expected);
                Assert.NotEmpty(problem.Message);
                Assert.InRange(problem.Value?.Length ?? 0, 0, 100);
            });
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            var length = Math.Min(random.Next(1, 12), bytes.Length - at);
            var from = random.Next(bytes.Length - length);
            bytes = random.Next(5) switch
            {
                0 => [.. bytes[..at], .. bytes[(at + length)..]],
                1 => [.. bytes[..at], .. bytes[from..(from + length)], .. bytes[at..]],
                2 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                3 => [.. bytes[..at], .. "{}[]\":,\\0-.$ "u8[random.Next(13)..][..1], .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], .. bytes[from..(from + length)], .. bytes[(at + length)..]],
            };
        }

        return bytes;
    }
}
