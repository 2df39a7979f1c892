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
        var problems = Read($$$"""{"matrix":{{{{string.Join(',', Enumerable.Range(0, 1500).Select(n => $"\"v{n}\":[1],\"v{n}\":[1]"))}}}},"jobs":[{"id":"a","model":"m"}]}""").Problems;

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
    [InlineData("{\"jobs\": [{\"id\": \"a\"}]} x", "", "line 1, column 25")]
    [InlineData("{\"jobs\": [{\"id\": \"a\"},]}", "/jobs/0", "line 1, column 23")]
    [InlineData("{\"tags\": {\"a\": \"b\"} \"jobs\": []}", "/tags", "line 1, column 21")]
    [InlineData(" \n ", "", "line 2, column 2")]
    [InlineData("{\"jobs\": // all\n []}", "/jobs", "line 1, column 10")]
    public void Read_WhatIsNoJson_TellsLineAndColumn(string text, string pointer, string position)
    {
        var problem = Read(text).Problems.Single();

        Assert.Equal((ProblemCodes.InvalidJson, pointer, position), (problem.Code, problem.Pointer, problem.Value));
        Assert.Contains(position, problem.Message, StringComparison.Ordinal);
        Assert.All(["LineNumber", "isFinalBlock", "options"], word => Assert.DoesNotContain(word, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_HalfSurrogates_ArePointedAt() =>
        Assert.Equal(
            [("/name", ProblemCodes.InvalidText), ("/jobs/0/input/\\uDC00", ProblemCodes.InvalidText)],
            Read("""{"name":"\uD800x","jobs":[{"id":"a","model":"m","input":{"\uDC00":1}}]}""")
                .Problems.SelectMany(problem => (string[])[problem.Pointer, .. (problem.Others ?? []).Select(other => other.Pointer)], (problem, pointer) => (pointer, problem.Code)));

    public static TheoryData<string, string, string> Limits() => new()
    {
        // Pointer, the farthest that is fine, and one step farther.
        { "/id", """ "id":"abc" """, """ "id":"ab" """ },
        { "/id", $""" "id":"{new string('a', 40)}" """, $""" "id":"{new string('a', 41)}" """ },
        { "/name", $""" "name":"{new string('x', 200)}" """, $""" "name":"{new string('x', 201)}" """ },
        { "/tags/t", $$""" "tags":{"t":"{{new string('x', 256)}}"} """, $$""" "tags":{"t":"{{new string('x', 257)}}"} """ },
        { $"/tags/{new string('t', 65)}", $$""" "tags":{"{{new string('t', 64)}}":""} """, $$""" "tags":{"{{new string('t', 65)}}":""} """ },
        { "/tags", Tags(50), Tags(51) },
        { "/policy/maxConcurrency", Policy("maxConcurrency", "1"), Policy("maxConcurrency", "0") },
        { "/policy/maxConcurrency", Policy("maxConcurrency", "1000"), Policy("maxConcurrency", "1001") },
        { "/policy/retries", Policy("retries", "0"), Policy("retries", "-1") },
        { "/policy/retries", Policy("retries", "10"), Policy("retries", "11") },
        { "/policy/budgetCredits", Policy("budgetCredits", "0.01"), Policy("budgetCredits", "0") },
        { "/policy/budgetCredits", Policy("budgetCredits", "1e9"), Policy("budgetCredits", "1000000000.01") },
        { "/policy/toleratedFailurePercent", Policy("toleratedFailurePercent", "0"), Policy("toleratedFailurePercent", "-0.01") },
        { "/policy/toleratedFailurePercent", Policy("toleratedFailurePercent", "100"), Policy("toleratedFailurePercent", "100.01") },
        { "/policy/toleratedFailureCount", Policy("toleratedFailureCount", "100000"), Policy("toleratedFailureCount", "100001") },
        { "/policy/approval/sample", """ "policy":{"approval":{"sample":1}} """, """ "policy":{"approval":{"sample":0}} """ },
        { "/policy/approval/sample", """ "policy":{"approval":{"sample":100000}} """, """ "policy":{"approval":{"sample":100001}} """ },
        { "/matrix/include", Entries("include", 1000), Entries("include", 1001) },
        { "/matrix/exclude", Entries("exclude", 1000), Entries("exclude", 1001) },
        { $"/matrix/{new string('v', 41)}", $$""" "matrix":{"{{new string('v', 40)}}":[1]} """, $$""" "matrix":{"{{new string('v', 41)}}":[1]} """ },
        { "/notify", Notify(10), Notify(11) },
    };

    [Theory, MemberData(nameof(Limits))]
    public void Read_ValueAtItsLimit_IsTakenAndOneBeyondIsNot(string pointer, string fine, string beyond)
    {
        Assert.Empty(Read($$"""{"jobs":[{"id":"a","model":"m"}],{{fine}}}""").Problems);

        var problem = Assert.Single(Read($$"""{"jobs":[{"id":"a","model":"m"}],{{beyond}}}""").Problems);
        Assert.Equal((ProblemCodes.BadValue, pointer), (problem.Code, problem.Pointer));
    }

    [Theory]
    [InlineData("count", 1, 1000)]
    [InlineData("priority", -100, 100)]
    public void Read_NumberOfAJob_HasLimits(string field, int least, int most)
    {
        Assert.Empty(Problems(least));
        Assert.Empty(Problems(most));
        foreach (var beyond in new[] { least - 1, most + 1 })
        {
            var problem = Assert.Single(Problems(beyond));
            Assert.Equal(
                ($"/jobs/0/{field}", $"{beyond}", $"an integer from {least} to {most}", $"'{field}' cannot have this value."),
                (problem.Pointer, problem.Value, problem.Expected, problem.Message));
        }

        IReadOnlyList<ManifestProblem> Problems(int value) => Read($$"""{"jobs":[{"id":"a","model":"m","{{field}}":{{value}}}]}""").Problems;
    }

    [Theory]
    [InlineData(""" "jobs":[] """, "[]", "at least one job", "There are no jobs.")]
    [InlineData(""" "other":1 """, null, "an array of jobs", "'jobs' is missing.")]
    [InlineData(""" "jobs":[{"model":"m"}] """, null, "an id that no other job has", "'id' is missing.")]
    [InlineData(""" "jobs":[{"id":"a"}] """, null, "a model's slug, here or in defaults", "'model' is missing.")]
    [InlineData(""" "jobs":[{"id":"","model":"m"}] """, "", "a string that is not empty", "'id' is empty.")]
    [InlineData(""" "jobs":[{"id":"a","model":"m","needs":[1]}] """, "1", "the id of a job", "A value of the wrong type: a number.")]
    [InlineData(""" "jobs":7 """, "7", "an array", "A value of the wrong type: a number.")]
    [InlineData(""" "jobs":["a"] """, "a", "an object", "A value of the wrong type: a string.")]
    public void Read_BrokenJobs_SayWhatIsExpected(string jobs, string? value, string expected, string message)
    {
        var problem = Read($$"""{ {{jobs}} }""").Problems.Last(problem => problem.Code != ProblemCodes.UnknownField);

        Assert.Equal((value, expected, message), (problem.Value, problem.Expected, problem.Message));
    }

    [Theory]
    [InlineData(""" "policy":{"budgetCredits":0} """, "0", "a number above 0 and at most 1000000000", "'budgetCredits' cannot have this value.")]
    [InlineData(""" "policy":{"toleratedFailurePercent":101} """, "101", "a number from 0 to 100", "'toleratedFailurePercent' cannot have this value.")]
    [InlineData(""" "policy":{"onBudget":"halt"} """, "halt", "one of pause, stop", "'onBudget' cannot have this value.")]
    [InlineData(""" "policy":{"approval":{}} """, null, "how many jobs are produced before somebody approves the rest", "'sample' is missing.")]
    [InlineData(""" "notify":[{}] """, "none", "exactly one of webhook, queue and eventGrid", "The entry names no recipient.")]
    [InlineData(""" "notify":[{"queue":true,"eventGrid":true}] """, "queue, eventGrid", "exactly one of webhook, queue and eventGrid", "The entry names several recipients.")]
    [InlineData(""" "notify":[{"queue":false}] """, "false", "true, or nothing", "'queue' cannot have this value.")]
    [InlineData(""" "notify":[{"queue":1}] """, "1", "true", "A value of the wrong type: a number.")]
    [InlineData(""" "notify":[{"queue":true},{"queue":true}] """, """{"queue":true}""", "each recipient once", "The same recipient would be told twice.")]
    [InlineData(""" "matrix":{"x":[]} """, "[]", "at least one value", "The variable 'x' has no values, so its jobs would not run at all.")]
    [InlineData(""" "matrix":{"x":[1,1]} """, "1", "each value once", "The value stands twice in the variable 'x'.")]
    [InlineData(""" "matrix":{"x":[null]} """, "null", "a string, number or boolean", "The value of a variable cannot be null.")]
    [InlineData(""" "matrix":{"a b":[1]} """, "a b", "a name of 1 to 40 letters, digits, _ and -, starting with a letter", "'a b' cannot be the name of a variable.")]
    [InlineData(""" "matrix":{"Model":[1]} """, "Model", "another name for the matrix variable", "'Model' has a meaning of its own.")]
    [InlineData(""" "matrix":{"include":[{}]} """, "{}", "at least one variable with a value", "The entry names no variable.")]
    [InlineData(""" "matrix":{"include":{}} """, "{}", "an array of objects", "A value of the wrong type: an object.")]
    [InlineData(""" "tags":{"a":"x","a":"y"} """, "y", "each field once", "'a' stands more than once in the same object.")]
    [InlineData(""" "tags":{"a b":"y"} """, "y", "a name of 1 to 64 characters of A-Z, a-z, 0-9, '.', '_', '-' and a value of at most 256 characters on one line", "The tag's name or value is not allowed.")]
    [InlineData(""" "id":"A" """, "A", "3 to 40 characters of a-z, 0-9 and -", "'A' cannot be the id of a batch.")]
    [InlineData(""" "version":2 """, "2", "an integer from 1 to 1", "'version' cannot have this value.")]
    public void Read_BrokenHeader_SaysWhatIsExpected(string field, string? value, string expected, string message)
    {
        var problem = Assert.Single(Read($$"""{"jobs":[{"id":"a","model":"m"}],{{field}}}""").Problems);

        Assert.Equal((value, expected, message), (problem.Value, problem.Expected, problem.Message));
    }

    [Theory]
    [InlineData(""" "id":"Spring 2026" """, "spring-2026")]
    [InlineData(""" "id":"spring_2026.1" """, "spring-2026-1")]
    [InlineData(""" "id":"Abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz" """, "abcdefghijklmnopqrstuvwxyz-abcdefghijklm")]
    [InlineData(""" "id":"é" """, null)]
    [InlineData(""" "matrix":{"job":[1]} """, "my-job")]
    [InlineData(""" "policy":{"onBudget":"Pause"} """, "pause")]
    [InlineData(""" "policy":{"reuse":"alway"} """, "always")]
    public void Read_BrokenHeader_SuggestsWhatIsNear(string field, string? suggestion) =>
        Assert.Equal(suggestion, Assert.Single(Read($$"""{"jobs":[{"id":"a","model":"m"}],{{field}}}""").Problems).Suggestion);

    [Fact]
    public void Read_NothingButJobs_HasTheDefaultsOfTheRest()
    {
        var manifest = Read("""{"jobs":[{"id":"a","model":"m"}]}""").Manifest!;

        Assert.Equal((1, null, null), (manifest.Version, manifest.Id, manifest.Name));
        Assert.Empty(manifest.Tags);
        Assert.Empty(manifest.Matrix);
        Assert.Empty(manifest.Notify);
        Assert.Equal(new ManifestPolicy { OnBudget = OnBudget.Pause, Reuse = ReuseScope.Never }, manifest.Policy);
        Assert.Equal((1, 0, null), (manifest.Jobs[0].Count, manifest.Jobs[0].Priority, manifest.Jobs[0].OutputPath));
    }

    [Theory]
    // Defaults that are broken may well have named a model: that jobs have none is not told on top.
    [InlineData("""{"defaults":7,"jobs":[{"id":"a"}]}""", "/defaults")]
    [InlineData("""{"defaults":{"model":7},"jobs":[{"id":"a"}]}""", "/defaults/model")]
    [InlineData("""{"defaults":{"input":{}},"jobs":[{"id":"a"}]}""", "/jobs/0/model")]
    public void Read_JobWithoutModel_NeedsADefault(string manifest, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Read(manifest).Problems).Pointer);

    [Fact]
    public void Read_FieldThreeTimes_IsToldOnce() =>
        Assert.Equal(["/name", "/tags"], Read("""{"name":"a","name":"b","name":"c","tags":{},"tags":{},"jobs":[{"id":"a","model":"m"}]}""").Problems.Select(problem => problem.Pointer));

    [Fact]
    public void Read_Hash_IsThatOfAManifestWithoutProblems()
    {
        Assert.Equal(64, Read("""{"jobs":[{"id":"a","model":"m"}]}""").Hash.Length);
        Assert.Equal("", Read("""{"jobs":[{"id":"a","model":"m","count":0}]}""").Hash);
        Assert.Equal("", Read("""{"jobs":[{"id":"a",}]}""").Hash);
    }

    [Fact]
    public void Read_TextThatIsNone_SaysWhatIsExpected()
    {
        var bytes = ManifestReader.Read((byte[])[.. "{\n\""u8, 0xFF, .. "\"}"u8]).Problems.Single();
        Assert.Equal(("JSON in UTF-8", "The bytes at line 2, column 2 are not UTF-8."), (bytes.Expected, bytes.Message));

        var json = Read("{} {}").Problems.Single();
        Assert.Equal("valid JSON", json.Expected);
        Assert.StartsWith("The JSON is broken at line 1, column 4: ", json.Message, StringComparison.Ordinal);

        var deep = Read(Nested(ManifestLimits.MaxDepth + 1)).Problems.Single();
        Assert.Equal(("at most 64 levels", "Objects and arrays are nested too deeply."), (deep.Expected, deep.Message));

        var half = Read("""{"name":"\uD800x","jobs":[{"id":"a","model":"m"}]}""").Problems.Single();
        Assert.Equal(
            ("text: surrogate escapes in pairs", @"The string holds half of a surrogate pair (\uD800 to \uDFFF)."), (half.Expected, half.Message));
    }

    [Fact]
    public void Read_TooManyTagsOrEntries_SaysHowMany()
    {
        var tags = Read($$"""{"jobs":[{"id":"a","model":"m"}],{{Tags(51)}}}""").Problems.Single();
        Assert.Equal(("51 tags", "at most 50 tags", "There are too many tags."), (tags.Value, tags.Expected, tags.Message));

        var entries = Read($$"""{"jobs":[{"id":"a","model":"m"}],{{Entries("include", 1001)}}}""").Problems.Single();
        Assert.Equal(("1001 entries", "at most 1000 entries", "There are too many entries."), (entries.Value, entries.Expected, entries.Message));
    }

    [Fact]
    public void Read_MoreThanSixtyFourMegabytes_SaysTheLimit()
    {
        var problem = Assert.Single(ManifestReader.Read(new byte[ManifestLimits.MaxBytes + 1]).Problems);

        Assert.Equal(($"at most {ManifestLimits.MaxBytes} bytes", "The manifest is too large."), (problem.Expected, problem.Message));
    }

    private static string Tags(int count) => $$""" "tags":{ {{string.Join(',', Enumerable.Range(0, count).Select(n => $"\"t{n}\":\"\""))}} } """;

    private static string Policy(string field, string value) => $$""" "policy":{"{{field}}":{{value}}} """;

    private static string Entries(string rule, int count) => $$""" "matrix":{"x":[1],"{{rule}}":[{{string.Join(',', Enumerable.Repeat("""{"x":1}""", count))}}]} """;

    private static string Notify(int count) =>
        $$""" "notify":[{{string.Join(',', Enumerable.Range(0, count).Select(n => $"{{\"webhook\":\"https://hooks.example/{n}\"}}"))}}] """;

    private static ManifestReading Read(string text) => ManifestReader.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The root, jobs, a job and its input are four levels.</summary>
    private static string Nested(int levels) =>
        $$$"""{"jobs":[{"id":"a","model":"m","input":{"deep":{{{new string('[', levels - 4)}}}{{{new string(']', levels - 4)}}}}}]}""";
}
