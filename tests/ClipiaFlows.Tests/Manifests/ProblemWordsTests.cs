using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ProblemWordsTests
{
    public static TheoryData<string> Corpora() => ["shapes", "meanings", "hostile", "foreign"];

    [Theory, MemberData(nameof(Corpora))]
    public void Message_OfEveryKnownProblem_DoesNotRepeatTheExpectation(string corpus)
    {
        foreach (var problem in Manifests(corpus).SelectMany(manifest => Some.Plan(manifest).Problems))
        {
            Assert.NotEqual("", problem.Expected);
            Assert.False(
                problem.Message.Contains(problem.Expected, StringComparison.OrdinalIgnoreCase)
                || problem.Message.Contains("expected", StringComparison.OrdinalIgnoreCase) || problem.Message.Contains("must", StringComparison.OrdinalIgnoreCase),
                $"{problem.Message} Expected {problem.Expected}.");
            Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Manifests(string corpus) => corpus switch
    {
        "shapes" => BrokenShapes.All.Select(broken => broken.Manifest),
        "meanings" => BrokenMeanings.All.Select(broken => Some.Manifest(broken.Jobs)),
        "hostile" => HostileManifests.All.Select(hostile => hostile.Manifest),
        _ => ForeignTextTests.Formats().Select(row => (string)row[0]),
    };
}
