using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>Questions on a terminal, and what is not done without a yes.</summary>
public sealed class QuestionTests
{
    private const string Plan = """
        {"plan":"5eed","pricing":"exact","name":"fox","counts":{"total":1,"reused":0,"unpriced":0,"unpricedInputs":0},
        "credits":{"estimated":4,"saved":0,"total":4,"budget":null,"balance":100,"balanceAfter":96},"groups":[],"refused":[],
        "forecast":{"expectedSeconds":8,"finishAt":"2026-01-01T00:00:00Z","leastSeconds":8,"isMeasured":false,"concurrency":1,
        "requestsPerMinute":60,"criticalPath":[],"chainSeconds":8},"jobs":[]}
        """;

    private readonly ConcurrentQueue<string> _started = new();
    private readonly ConcurrentQueue<string> _deleted = new();

    [Theory]
    [InlineData("delete b-1", "n\n", 1)]
    [InlineData("delete b-1 --outputs", "n\n", 1)]
    [InlineData("delete b-1", "\n", 1)]
    [InlineData("delete b-1", "\u0003", 130)]
    public async Task Delete_Declined_SaysThatNothingWasDeleted(string command, string keys, int exitCode)
    {
        await using var app = await ServeAsync();
        using var session = TerminalSession.Start(app, $"cli {command}");
        await session.ShowsAsync("[y/n]");

        await session.TypeAsync(keys);

        Assert.Equal(exitCode, await session.WaitAsync());
        Assert.Contains("Nothing was deleted.", session.Screen, StringComparison.Ordinal);
        Assert.Empty(_deleted);
    }

    [Theory]
    [InlineData("echo '{}' | cli run - --detach")]
    [InlineData("echo '{}' > m.json; cli run /dev/stdin --detach < m.json")]
    [InlineData("cli run <(echo '{}') --detach")]
    public async Task Run_ManifestFromAPipe_IsReadOnceAndAskedForOnTheTerminal(string shell)
    {
        await using var app = await ServeAsync();
        using var session = TerminalSession.Start(app, shell);
        await session.ShowsAsync("[y/n]");

        await session.TypeAsync("y\n");

        Assert.Equal(0, await session.WaitAsync());
        Assert.Equal("5eed {}", Assert.Single(_started));
    }

    [Theory]
    [InlineData("n\n", 1, "Nothing was started.")]
    [InlineData("\n", 1, "Nothing was started.")]
    [InlineData("\u0004", 1, "Nothing was started.")]
    [InlineData("\u0003", 130, "Interrupted.")]
    public async Task Run_ManifestFromStandardInputWithoutAYes_StartsNothing(string keys, int exitCode, string said)
    {
        await using var app = await ServeAsync();
        using var session = TerminalSession.Start(app, "echo '{}' | cli run -");
        await session.ShowsAsync("[y/n]");

        await session.TypeAsync(keys);

        Assert.Equal(exitCode, await session.WaitAsync());
        Assert.Contains(said, session.Screen, StringComparison.Ordinal);
        Assert.Empty(_started);
    }

    private Task<WebApplication> ServeAsync() => FakeApp.ServeAsync(async call =>
    {
        if (call.Request.Method == "DELETE")
            _deleted.Enqueue(call.Request.Path);
        var isPlan = call.Request.Query.ContainsKey("dryRun");
        using var body = new StreamReader(call.Request.Body);
        var text = (await body.ReadToEndAsync()).Trim();
        if (call.Request.Method == "POST" && !isPlan)
            _started.Enqueue($"{call.Request.Query["plan"]} {text}");
        await call.Response.WriteAsync(isPlan ? Plan : """{"id":"b-1","state":"Planning","jobs":1}""");
    });
}
