using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>Answers that are too large, too slow or never end.</summary>
public sealed class EndlessAnswerTests
{
    private static readonly byte[] Block = [.. Enumerable.Repeat((byte)' ', 1024 * 1024)];

    [Theory]
    [InlineData("status b-1")]
    [InlineData("results b-1")]
    [InlineData("download b-1")]
    public async Task Command_AnswerThatNeverEnds_IsLeft(string command)
    {
        await using var server = await FakeApp.ServeAsync(async call =>
        {
            if (command.StartsWith("download", StringComparison.Ordinal) && call.Request.Path == "/api/batches/b-1")
            {
                await call.Response.WriteAsync(FakeApp.Batch);
                return;
            }

            while (!call.RequestAborted.IsCancellationRequested)
                await call.Response.Body.WriteAsync(Block);
        });

        var result = await FakeApp.RunAsync(server, command.Split(' '));

        Assert.Equal(3, result.ExitCode);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Call_AnswerThatStops_IsLeft()
    {
        await using var server = await ServeDripsAsync(TimeSpan.FromHours(1));
        using var app = new AppClient(new Uri(server.Urls.Single()), key: null, TimeSpan.FromMilliseconds(300));

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => app.GetBatchAsync("b-1", CancellationToken.None));

        Assert.Contains("stopped coming for 0.3 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_BytesThatDrip_AreLeft()
    {
        await using var server = await ServeDripsAsync(TimeSpan.FromMilliseconds(10));
        using var app = new AppClient(new Uri(server.Urls.Single()), key: null, TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => app.CopyAsync("files", Stream.Null, long.MaxValue, CancellationToken.None));

        Assert.Contains("comes too slowly", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_MoreThanAnnounced_IsLeft()
    {
        await using var server = await FakeApp.ServeAsync(call => call.Response.Body.WriteAsync(Block).AsTask());
        using var app = new AppClient(new Uri(server.Urls.Single()), key: null);

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => app.CopyAsync("files", Stream.Null, 10, CancellationToken.None));

        Assert.Contains("is larger than it may be", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status b-1", 200, "reason")]
    [InlineData("status b-1", 400, "title")]
    [InlineData("list", 400, "detail")]
    public async Task Command_TextOfTenMegabytes_FillsNoTerminal(string command, int status, string field)
    {
        var text = new string('x', 10 * 1024 * 1024);
        await using var server = await FakeApp.ServeAsync(call =>
        {
            call.Response.StatusCode = status;
            return call.Response.WriteAsync(FakeApp.Batch[..^1] + $$""","code":"wrong","{{field}}":"{{text}}"}""");
        });

        var result = await FakeApp.RunAsync(server, command.Split(' '));

        Assert.Equal(status == 200 ? 0 : 1, result.ExitCode);
        Assert.InRange((result.Output + result.Errors).Length, 1000, 20_000);
    }

    [Theory]
    [InlineData("list", """{"batches":[],"continuation":"\ud800"}""")]
    [InlineData("list", """{"batches":[null],"continuation":null}""")]
    [InlineData("jobs b-1", """{"jobs":[{"id":"a","n":1,"model":"m","state":"Failed","attempt":1,"outputs":[null]}],"continuation":null}""")]
    public async Task Command_JsonThatNoAppWrites_IsRefusedInOneSentence(string command, string answer)
    {
        await using var server = await FakeApp.ServeAsync(call => call.Response.WriteAsync(answer));

        var result = await FakeApp.RunAsync(server, command.Split(' '));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("is not a ClipiaFlows app", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Plan_RefusedWithNullsAndHalfSurrogates_IsShown()
    {
        await using var server = await FakeApp.ServeAsync(call =>
        {
            call.Response.StatusCode = 400;
            return call.Response.WriteAsync("""{"title":"No.","problems":[null,{"pointer":"/a","message":"Wrong.","value":"\ud800"}]}""");
        });
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "m.json");
        await File.WriteAllTextAsync(manifest, "{}");

        var result = await FakeApp.RunAsync(server, "plan", manifest);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/a: Wrong.", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    private static Task<WebApplication> ServeDripsAsync(TimeSpan pause) => FakeApp.ServeAsync(async call =>
    {
        while (!call.RequestAborted.IsCancellationRequested)
        {
            await call.Response.WriteAsync(" ");
            await call.Response.Body.FlushAsync();
            await Task.Delay(pause, call.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    });
}
