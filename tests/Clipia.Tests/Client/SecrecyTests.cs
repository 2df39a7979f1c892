using Clipia.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clipia.Tests.Client;

public sealed class SecrecyTests
{
    private const string Prompt = "a prompt nobody else may read";

    [Fact]
    public async Task Logs_AtEveryLevel_HoldNeitherKeyNorPrompt()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(503, "service_unavailable"), Answers.Reset, Answers.Json(Some.SubmitAnswer));
        var logs = new CollectedLogs();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            .AddSingleton<TimeProvider>(new JumpingTime())
            .Also(s => s.AddClipiaClient(options => (options.BaseUrl, options.ApiKey) = (api.Url, Some.ApiKey)))
            .BuildServiceProvider();

        await services.GetRequiredService<ClipiaClient>().Queue.SubmitAsync("m", Some.Json($$"""{"prompt":"{{Prompt}}"}"""));

        Assert.Contains(logs.Lines, line => line.Contains("Clipia submit failed with service_unavailable; attempt 2", StringComparison.Ordinal));
        // The header is logged, which is what makes the next line worth something.
        Assert.Contains(logs.Lines, line => line.Contains("Authorization", StringComparison.Ordinal));
        Assert.All(logs.Lines, AssertSilent);
    }

    [Fact]
    public async Task Exception_ServerQuotesTheKey_HidesIt()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            $$$"""{"error":{"code":"bad_{{{Some.ApiKey}}}","message":"Key {{{Some.ApiKey}}} is unknown."}}""", 401));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        AssertSilent(failure.ToString());
        AssertSilent(failure.Code);
        Assert.Null(failure.Raw);
        Assert.Contains("Key [key] is unknown", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OfASubmission_HoldsNoPrompt()
    {
        await using var api = await FakeApi.StartAsync(Answers.Reset);

        var failure = await Assert.ThrowsAsync<ClipiaException>(
            () => Some.Client(api).Queue.SubmitAsync("m", Some.Json($$"""{"prompt":"{{Prompt}}"}""")));

        AssertSilent(failure.ToString());
    }

    [Fact]
    public async Task Answer_AsText_LeavesTheRawJsonOut()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json($$"""{"request_id":"r1","status":"IN_QUEUE","echo":"{{Prompt}}"}"""));

        var submission = await Some.Client(api).Queue.SubmitAsync("m", Some.Input);

        AssertSilent(submission.ToString());
        Assert.Contains("r1", submission.ToString(), StringComparison.Ordinal);
        Assert.Contains("IN_QUEUE", submission.ToString(), StringComparison.Ordinal);
    }

    private static void AssertSilent(string text)
    {
        Assert.DoesNotContain(Some.ApiKey, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.ApiKey[12..], text, StringComparison.Ordinal);
        Assert.DoesNotContain(Prompt, text, StringComparison.Ordinal);
    }
}
