using System.Net;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class ProblemTests
{
    [Fact]
    public void Describe_Problems_TellPointerValueExpectationAndSuggestion()
    {
        var problem = Problem.TryRead("""
            {
              "title": "Invalid manifest.", "status": 400, "detail": "The manifest has 2 problems.", "code": "invalid_manifest",
              "problems": [
                { "pointer": "/jobs/3/model", "value": "flux-9", "expected": "a model", "message": "Unknown model.", "suggestion": "flux-2-pro" },
                { "pointer": "", "value": null, "expected": null, "message": "Too large." }
              ]
            }
            """);

        Assert.Equal(
            """
            Invalid manifest. The manifest has 2 problems.
              /jobs/3/model: Unknown model. Found flux-9, expected a model. Did you mean flux-2-pro?
              (the whole manifest): Too large.
            """,
            problem!.Describe(HttpStatusCode.BadRequest), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Describe_ProblemOfManyPlaces_NamesTheFirstTheNumberAndSomeOthers()
    {
        var others = string.Join(',', Enumerable.Range(1, 9).Select(n => $$"""{"pointer":"/jobs/{{n}}/output/path","value":"a{{n}}&b"}"""));
        var problem = Problem.TryRead(
            $$"""{"title":"T.","problems":[{"pointer":"/jobs/0/output/path","value":"a&b","expected":"no &","message":"It cannot be a path.","count":124,"others":[{{others}}]}]}""");

        Assert.Equal(
            """
            T.
              /jobs/0/output/path (first of 124): It cannot be a path. Found a&b, expected no &. Also at /jobs/1/output/path, /jobs/2/output/path, /jobs/3/output/path and others.
            """,
            problem!.Describe(HttpStatusCode.BadRequest), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void TryRead_NotAProblemDocument_GivesNull() => Assert.Null(Problem.TryRead("<html>Bad gateway</html>"));
}
