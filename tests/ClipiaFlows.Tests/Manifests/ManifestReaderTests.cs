using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_EveryField_IsTaken()
    {
        var reading = Read(
            """
            {"$schema": "./manifest.schema.json", "version": 1, "id": "spring-2026", "name": "Spring", "tags": {"team": "brand"},
             "defaults": {"model": "m", "input": {"a": 1}, "output": {"path": "{{job}}.{{ext}}"}},
             "matrix": {"x": ["a", 2, true]},
             "jobs": [{"id": "j", "model": "n", "input": {"b": 2}, "needs": ["k"], "count": 3, "priority": -5, "output": {"path": "p"}}],
             "policy": {"maxConcurrency": 7, "retries": 2, "reuse": "always", "budgetCredits": 12.5, "onBudget": "stop",
                        "deadline": "2999-03-31T18:00:00+02:00", "jobDeadline": "PT20M", "toleratedFailurePercent": 2.5,
                        "toleratedFailureCount": 0, "approval": {"sample": 3}},
             "notify": [{"queue": true}, {"webhook": "https://hooks.example/x?y=1"}, {"webhook": "http://127.0.0.1:9000/"}, {"eventGrid": true}]}
            """);

        Assert.Empty(reading.Problems);
        var manifest = reading.Manifest!;
        Assert.Equal(("spring-2026", "Spring", "brand"), (manifest.Id, manifest.Name, manifest.Tags["team"]));
        Assert.Equal(("m", "{{job}}.{{ext}}"), (manifest.Defaults.Model, manifest.Defaults.OutputPath));
        Assert.Equal(3, Assert.Single(manifest.Matrix).Values.Count);
        var job = Assert.Single(manifest.Jobs);
        Assert.Equal(("/jobs/0", "j", "n", 3, -5, "p"), (job.Pointer, job.Id, job.Model, job.Count, job.Priority, job.OutputPath));
        Assert.Equal(new PointedText("/jobs/0/needs/0", "k"), Assert.Single(job.Needs));
        Assert.Equal(
            new ManifestPolicy
            {
                MaxConcurrency = 7, Retries = 2, Reuse = ReuseScope.Always, BudgetCredits = 12.5m, OnBudget = OnBudget.Stop,
                Deadline = new DateTimeOffset(2999, 3, 31, 16, 0, 0, TimeSpan.Zero), JobDeadline = TimeSpan.FromMinutes(20),
                ToleratedFailurePercent = 2.5m, ToleratedFailureCount = 0, ApprovalSample = 3,
            },
            manifest.Policy);
        Assert.Equal(
            [(true, null, false), (false, "https://hooks.example/x?y=1", false), (false, "http://127.0.0.1:9000/", false), (false, null, true)],
            manifest.Notify.Select(entry => (entry.Queue, entry.Webhook?.AbsoluteUri, entry.EventGrid)));
    }

    [Theory]
    [InlineData("PT2H", 7200)]
    [InlineData("P1DT12H30M5.5S", 131_405.5)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT90M", 5400)]
    [InlineData("P366D", 31_622_400)]
    public void Read_DeadlineAsDuration_CountsFromAcceptance(string written, double seconds)
    {
        var reading = Read($$$"""{"policy":{"deadline":"{{{written}}}"},"jobs":[{"id":"a","model":"m"}]}""");

        Assert.Empty(reading.Problems);
        Assert.Equal((null, TimeSpan.FromSeconds(seconds)), (reading.Manifest!.Policy.Deadline, reading.Manifest.Policy.DeadlineAfter));
    }

    [Fact]
    public void Read_WebhookWithCredentials_DoesNotQuoteThem() =>
        Assert.Equal(
            "https://hooks.example/x",
            Assert.Single(Read("""{"notify":[{"webhook":"https://user:secret@hooks.example/x?token=1"}],"jobs":[{"id":"a","model":"m"}]}""").Problems).Value);

    [Fact]
    public void Read_ByteOrderMark_IsSkipped() =>
        Assert.Empty(ManifestReader.Read(
            (byte[])[0xEF, 0xBB, 0xBF, .. """{"jobs":[{"id":"a","model":"m"}]}"""u8]).Problems);

    [Fact]
    public void Read_SeveralProblems_TellsAllOfThem() =>
        Assert.Equal(
            ["/jobs/0/id", "/jobs/1/model", "/nmae", "/policy/budget", "/policy/retries"],
            Read("""{"nmae":"x","policy":{"retries":11,"budget":5},"jobs":[{"model":"m"},{"id":"a","model":3}]}""")
                .Problems.Select(problem => problem.Pointer).Order(StringComparer.Ordinal));

    [Fact]
    public void Read_ProblemsOfShape_LeaveTheRestOfTheManifest()
    {
        var reading = Read("""{"jobs":[{"id":5,"model":"m"},{"id":"b","model":"m","nedes":[]}]}""");

        Assert.Equal("b", Assert.Single(reading.Manifest!.Jobs).Id);
        Assert.Equal(2, reading.Problems.Count);
    }

    [Theory]
    [InlineData("jbos", "jobs")]
    [InlineData("polcy", "policy")]
    [InlineData("Version", "version")]
    [InlineData("something", null)]
    public void Read_UnknownField_SuggestsWhatIsNear(string written, string? suggestion) =>
        Assert.Equal(
            suggestion,
            Read($$"""{"{{written}}": 1, "jobs":[{"id":"a","model":"m"}]}""").Problems.Single().Suggestion);

    [Fact]
    public void Read_ManyProblems_TellsAThousandAndCountsTheRest()
    {
        var problems = Read($$"""{"jobs":[{{string.Join(',', Enumerable.Repeat("7", 1500))}}]}""").Problems;

        Assert.Equal(1001, problems.Count);
        Assert.Equal((ProblemCodes.TooManyProblems, "500 more problems are not listed."), (problems[^1].Code, problems[^1].Message));
    }

    [Fact]
    public void Read_LongValue_IsShortened()
    {
        var value = Read($$"""{"name": "{{new string('x', 300)}}", "jobs":[{"id":"a","model":"m"}]}""").Problems.Single().Value!;

        Assert.Equal(100, value.Length);
        Assert.EndsWith("…", value, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SixtyFourLevels_AreFine() =>
        Assert.Empty(Read(Nested(ManifestLimits.MaxDepth)).Problems);

    [Fact]
    public void Read_SixtyFiveLevels_AreTooDeep()
    {
        var problem = Read(Nested(ManifestLimits.MaxDepth + 1)).Problems.Single();

        Assert.Equal(ProblemCodes.TooDeep, problem.Code);
        Assert.StartsWith("/jobs/0/input/deep/0/0", problem.Pointer, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanSixtyFourMegabytes_IsTooLarge() =>
        Assert.Equal(ProblemCodes.TooLarge, ManifestReader.Read(new byte[ManifestLimits.MaxBytes + 1]).Problems.Single().Code);

    [Fact]
    public void Read_BytesThatAreNotUtf8_TellsLineAndColumn()
    {
        var reading = ManifestReader.Read((byte[])[.. "{\n  \"näme\": \""u8, 0xFF, .. "\"}"u8]);

        Assert.Null(reading.Manifest);
        Assert.Equal((ProblemCodes.InvalidUtf8, "line 2, column 12"), (reading.Problems[0].Code, reading.Problems[0].Value));
    }

    [Theory]
    [InlineData("", "", "line 1, column 1")]
    [InlineData("{\n \"jobs\": [\n  {\"id\": \"a\" \"model\": 1}]}", "/jobs/0/id", "line 3, column 14")]
    [InlineData("{\"jobs\": [1,]}", "/jobs/0", "line 1, column 13")]
    [InlineData("{\"jobs\": [", "/jobs", "line 1, column 11")]
    [InlineData("{} {}", "", "line 1, column 4")]
    [InlineData("{\"jobs\": // all\n []}", "/jobs", "line 1, column 10")]
    public void Read_WhatIsNoJson_TellsLineAndColumn(string text, string pointer, string position)
    {
        var problem = Read(text).Problems.Single();

        Assert.Equal((ProblemCodes.InvalidJson, pointer, position), (problem.Code, problem.Pointer, problem.Value));
        Assert.Contains(position, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HalfSurrogates_ArePointedAt() =>
        Assert.Equal(
            [("/name", ProblemCodes.InvalidText), ("/jobs/0/input/\\uDC00", ProblemCodes.InvalidText)],
            Read("""{"name":"\uD800x","jobs":[{"id":"a","model":"m","input":{"\uDC00":1}}]}""")
                .Problems.Select(problem => (problem.Pointer, problem.Code)));

    private static ManifestReading Read(string text) => ManifestReader.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The root, jobs, a job and its input are four levels.</summary>
    private static string Nested(int levels) =>
        $$$"""{"jobs":[{"id":"a","model":"m","input":{"deep":{{{new string('[', levels - 4)}}}{{{new string(']', levels - 4)}}}}}]}""";
}
