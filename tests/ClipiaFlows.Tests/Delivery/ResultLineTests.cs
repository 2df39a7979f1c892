using ClipiaFlows.Delivery;
using ClipiaFlows.Production;
using ClipiaFlows.Status;
using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Tests.Delivery;

public sealed class ResultLineTests
{
    [Theory]
    [InlineData(@"a \\${{ b }} and \\{{c}}", "a ${{ b }} and {{c}}")]
    [InlineData("like ${{ jobs.a.output.images[0].url }}", "like ${{ jobs.a.output.images[0].url }}")]
    [InlineData("plain", "plain")]
    public void Of_Prompt_IsWhatWasSentAndNotItsEscape(string written, string shown)
    {
        var planned = Some.Jobs("""{"id":"a"},{"id":"b","input":{"prompt":"TEXT"}}""".Replace("TEXT", written, StringComparison.Ordinal))[1];

        var line = ResultLine.Of(Job(planned.Id), planned);

        Assert.Equal(shown, line.Prompt);
    }

    private static JobView Job(string id) => new() { Id = id, N = 1, Model = "nano-banana-2", State = JobState.Succeeded, Attempt = 1, Outputs = [] };
}
