using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Tests.Manifests;

public sealed class JsonLinesTests
{
    private const string Header = """{"version":1,"id":"spring","defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"matrix":{"x":[1,2]}}""";

    [Fact]
    public void Read_HeaderAndJobs_IsTheManifestThatTheyAre()
    {
        var reading = Read(Header, """{"id":"a-{{x}}"}""", """{"id":"b","needs":["a-1"]}""");

        Assert.Empty(reading.Problems);
        Assert.Equal((ManifestFormat.JsonLines, "spring"), (reading.Format, reading.Manifest!.Id));
        Assert.Equal(["/jobs/0", "/jobs/1"], reading.Manifest.Jobs.Select(job => job.Pointer));
        Assert.Equal(["a-1", "a-2", "b"], Some.Whole(Plan(reading)).Select(job => job.Id));
    }

    [Fact]
    public void Read_JobsOnly_NeedNoHeader() =>
        Assert.Equal(
            ["a", "b"],
            Read("""{"id":"a","model":"m","input":{"name":"x"}}""", """{"id":"b","model":"m"}""").Manifest!.Jobs.Select(job => job.Id));

    [Fact]
    public void Read_BlankLinesCarriageReturnsAndMark_AreSkipped()
    {
        var reading = ManifestReader.Read((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"\n{Header}\r\n\r\n  \n{{\"id\":\"a\"}}\r\n")]);

        Assert.Empty(reading.Problems);
        Assert.Equal("a", Assert.Single(reading.Manifest!.Jobs).Id);
    }

    [Fact]
    public void Read_ProblemsInLines_AreToldWithLineAndPointer()
    {
        var reading = Read(
            Header, "", """{"id":"a","count":0}""", """{"id":"b" "model":1}""", "[]", """{"id":"c","needs":["nobody"]}""", """{"id":"d","model":"nano-bananna-2"}""");

        Assert.Equal(
            new (int?, string, string)[]
            {
                (3, "/jobs/0/count", ProblemCodes.BadValue),
                (4, "/jobs/1/id", ProblemCodes.InvalidJson),
                (5, "/jobs/2", ProblemCodes.WrongType),
                (6, "/jobs/3/needs/0", ProblemCodes.MissingDependency),
                (7, "/jobs/4/model", ProblemCodes.UnknownModel),
            },
            Plan(reading).Problems.Select(problem => (problem.Line, problem.Pointer, problem.Code)));
        Assert.Equal("line 4, column 11", reading.Problems[1].Value);
    }

    [Fact]
    public void Read_ProblemsInTheHeader_AreToldWithItsLine()
    {
        var reading = Read("", """{"version":2,"jobs":[],"matrix":{"x":[]}}""", """{"id":"a","model":"m"}""");

        Assert.Equal(
            [(2, "/jobs"), (2, "/matrix/x"), (2, "/version")],
            reading.Problems.Select(problem => (problem.Line ?? 2, problem.Pointer)).Order());
    }

    [Fact]
    public void Read_HeaderOnly_HasNoJobs() =>
        Assert.Equal((ProblemCodes.BadValue, "/jobs"), ManifestReader.Read(Encoding.UTF8.GetBytes(Header), ManifestFormat.JsonLines)
            .Problems.Select(problem => (problem.Code, problem.Pointer)).Single());

    [Fact]
    public void Read_LineThatIsTooLong_IsToldAndTheOthersAreRead()
    {
        var reading = Read(Header, $$$"""{"id":"a","input":{"x":"{{{new string('x', ManifestLimits.MaxLineBytes)}}}"}}""", """{"id":"b","count":0}""");

        Assert.Equal(
            [(ProblemCodes.TooLarge, "/jobs/0", 2), (ProblemCodes.BadValue, "/jobs/1/count", 3)],
            reading.Problems.Select(problem => (problem.Code, problem.Pointer, problem.Line!.Value)));
    }

    [Fact]
    public void Read_MoreLinesThanJobsAllowed_IsToldOnce()
    {
        var reading = Read([Header, .. Enumerable.Range(0, ManifestLimits.MaxJobs + 5).Select(n => $$"""{"id":"j{{n}}"}""")]);

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(
            (ProblemCodes.TooManyJobs, "line 100002", "at most 100000 jobs in a batch", "With this line the batch passes 100000 jobs."),
            (problem.Code, problem.Value, problem.Expected, problem.Message));
    }

    [Theory]
    [InlineData("{\"version\":1}\n{\"id\":\"a\"}", ManifestFormat.JsonLines)]
    [InlineData("{\"id\":\"a\",\"model\":\"m\"}\n\n{\"id\":\"b\"}\n", ManifestFormat.JsonLines)]
    [InlineData("{\"jobs\":[]}", ManifestFormat.Json)]
    [InlineData("{\"jobs\":[]}\n\n", ManifestFormat.Json)]
    [InlineData("{\n\"jobs\":[]}", ManifestFormat.Json)]
    [InlineData("{} {}", ManifestFormat.Json)]
    [InlineData("[\n1]", ManifestFormat.Json)]
    [InlineData("", ManifestFormat.Json)]
    public void Detect_Texts_AreToldApart(string text, ManifestFormat format) =>
        Assert.Equal(format, ManifestFormats.Detect(new(Encoding.UTF8.GetBytes(text)), isWhole: true));

    [Theory]
    [InlineData("application/x-ndjson", ManifestFormat.JsonLines)]
    [InlineData("Application/JSONL; charset=utf-8", ManifestFormat.JsonLines)]
    [InlineData("application/ndjson", ManifestFormat.JsonLines)]
    [InlineData("application/x-jsonlines", ManifestFormat.JsonLines)]
    [InlineData("application/json-lines", ManifestFormat.JsonLines)]
    [InlineData(" application/jsonlines ;x", ManifestFormat.JsonLines)]
    [InlineData("", null)]
    [InlineData("application/json", null)]
    [InlineData("text/plain", null)]
    [InlineData(null, null)]
    public void Of_ContentTypes_NameTheFormOrLeaveItOpen(string? contentType, ManifestFormat? format) =>
        Assert.Equal(format, ManifestFormats.Of(contentType));

    [Fact]
    public void Hash_OfLines_IgnoresFormattingAndSeesOrder()
    {
        var hash = Read(Header, """{"id":"a"}""", """{"id":"b"}""").Hash;

        Assert.Equal(64, hash.Length);
        Assert.Equal(hash, Read(Header, "", """ { "id" : "a" } """, """{"id":"b"}""").Hash);
        Assert.NotEqual(hash, Read(Header, """{"id":"b"}""", """{"id":"a"}""").Hash);
    }

    /// <summary>However the bytes arrive, the reading is the same as of the whole.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task ReadAsync_StreamInPieces_IsReadAsTheWhole(int pieces)
    {
        foreach (var text in new[]
        {
            string.Join('\n', Header, """{"id":"a"}""", """{"id":"b","count":0}""", "nonsense"),
            "\uFEFF" + string.Join('\n', Header, """{"id":"a"}""", """{"id":"b"}"""),
            "\uFEFF" + Header + "\n\uFEFF" + """{"id":"a"}""",
            """{"jobs": [{"id": "a", "model": "m"}]}""",
            "",
        })
        {
            using var stream = new SlowStream(Encoding.UTF8.GetBytes(text), pieces);

            var reading = await ManifestReader.ReadAsync(stream, null, ManifestLimits.MaxBlobBytes, CancellationToken.None);

            var whole = ManifestReader.Read(Encoding.UTF8.GetBytes(text));
            Assert.Equal(whole.Problems, reading.Problems);
            Assert.Equal((whole.Hash, whole.Format), (reading.Hash, reading.Format));
            Assert.Equal(whole.Manifest?.Jobs.Select(job => job.Id), reading.Manifest?.Jobs.Select(job => job.Id));
        }
    }

    [Theory]
    [InlineData(ManifestFormat.Json)]
    [InlineData(ManifestFormat.JsonLines)]
    public async Task ReadAsync_StreamThatIsTooLarge_IsRefused(ManifestFormat format)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("""{"id":"a","model":"m"}""", 100_000))));

        var reading = await ManifestReader.ReadAsync(stream, format, 1_000_000, CancellationToken.None);

        Assert.Null(reading.Manifest);
        Assert.Equal(ProblemCodes.TooLarge, Assert.Single(reading.Problems).Code);
    }

    [Fact]
    public async Task ReadAsync_StreamOfTheMostBytes_IsTakenAndLeftOpen()
    {
        foreach (var (text, format) in new[]
        {
            ("""{"jobs": [{"id": "a", "model": "m"}]}""", ManifestFormat.Json),
            ("{\"id\":\"a\",\"model\":\"m\"}\n{\"id\":\"b\",\"model\":\"m\"}", ManifestFormat.JsonLines),
        })
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

            Assert.Empty((await ManifestReader.ReadAsync(stream, format, text.Length, CancellationToken.None)).Problems);

            Assert.True(stream.CanRead);
            stream.Position = 0;
            var problem = Assert.Single((await ManifestReader.ReadAsync(stream, format, text.Length - 1, CancellationToken.None)).Problems);
            Assert.Equal((ProblemCodes.TooLarge, "", $"at most {text.Length - 1} bytes"), (problem.Code, problem.Pointer, problem.Expected));
        }
    }

    [Fact]
    public async Task ReadAsync_LineWithoutEnd_IsToldAndNotReadToItsEnd()
    {
        using var stream = new MemoryStream([.. Encoding.UTF8.GetBytes(Header + "\n"), .. Enumerable.Repeat((byte)'x', 20 * ManifestLimits.MaxLineBytes)]);

        var reading = await ManifestReader.ReadAsync(stream, ManifestFormat.JsonLines, ManifestLimits.MaxBlobBytes, CancellationToken.None);

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(
            (ProblemCodes.TooLarge, "/jobs/0", 2, $"at most {ManifestLimits.MaxLineBytes} bytes in a line", "Line 2 is too long."),
            (problem.Code, problem.Pointer, problem.Line!.Value, problem.Expected, problem.Message));
        Assert.InRange(stream.Position, ManifestLimits.MaxLineBytes, 10 * ManifestLimits.MaxLineBytes);
    }

    [Fact]
    public void Read_LineOfTheMostBytes_IsTaken()
    {
        const string Start = """{"id":"a","input":{"x":" """, End = "\"}}";
        var longest = Start + new string('x', ManifestLimits.MaxLineBytes - Start.Length - End.Length) + End;

        Assert.Empty(Read(Header, longest).Problems);
        Assert.Equal(ProblemCodes.TooLarge, Assert.Single(Read(Header, longest + " ").Problems).Code);
    }

    [Fact]
    public void Read_FirstLineThatIsTooLong_MayHaveBeenAHeaderWithAModel()
    {
        var reading = Read(new string('x', ManifestLimits.MaxLineBytes + 1), """{"id":"a"}""");

        var problem = Assert.Single(reading.Problems);
        Assert.Equal((ProblemCodes.TooLarge, "", 1), (problem.Code, problem.Pointer, problem.Line!.Value));
        Assert.Equal("a", Assert.Single(reading.Manifest!.Jobs).Id);
    }

    [Fact]
    public void Read_FirstLineThatIsNoJson_MayHaveBeenAHeaderWithAModel()
    {
        var reading = Read("nonsense", """{"id":"a"}""");

        var problem = Assert.Single(reading.Problems);
        Assert.Equal((ProblemCodes.InvalidJson, "", 1), (problem.Code, problem.Pointer, problem.Line!.Value));
    }

    [Theory]
    [InlineData("""{"id":"a"}""", "/jobs/0/model /jobs/1/model")]
    [InlineData("""{"name":"x"}""", "/jobs/0/model")]
    [InlineData("""{"defaults":{"model":"m"}}""", "")]
    public void Read_FirstLine_DecidesWhetherJobsNeedAModel(string first, string pointers) =>
        Assert.Equal(pointers, string.Join(' ', Read(first, """{"id":"b"}""").Problems.SelectMany(problem => (string[])[problem.Pointer, .. (problem.Others ?? []).Select(other => other.Pointer)])));

    [Fact]
    public void Read_HeaderOnly_SaysWhatIsMissing()
    {
        var problem = Assert.Single(Read(Header).Problems);

        Assert.Equal(("at least one line with a job", "There are no jobs."), (problem.Expected, problem.Message));
    }

    /// <summary>A job in a line of its own has the depth that it has among the jobs of a manifest.</summary>
    [Fact]
    public void Read_LineOfManyLevels_IsAsDeepAsInAnArrayOfJobs()
    {
        Assert.Empty(Read(Header, Nested(ManifestLimits.MaxDepth)).Problems);
        Assert.Equal(ProblemCodes.TooDeep, Assert.Single(Read(Header, Nested(ManifestLimits.MaxDepth + 1)).Problems).Code);

        static string Nested(int levels) => $$$"""{"id":"a","input":{"deep":{{{new string('[', levels - 4)}}}{{{new string(']', levels - 4)}}}}}""";
    }

    [Fact]
    public void Hash_OfLinesWithAProblem_IsEmpty() => Assert.Equal("", Read(Header, """{"id":"a","count":0}""").Hash);

    private static PlanOutcome Plan(ManifestReading reading) => Planner.Plan(reading, "b-1", Some.Catalogue, Some.Now);

    private static ManifestReading Read(params string[] lines) =>
        ManifestReader.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), ManifestFormat.JsonLines);

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
