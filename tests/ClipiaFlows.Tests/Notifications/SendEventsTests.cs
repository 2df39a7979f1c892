using System.Globalization;
using System.Text;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Notifications;

public sealed class SendEventsTests
{
    private static readonly string[] ThreeIds = ["spring-5eed5eed-1", "spring-5eed5eed-2", "spring-5eed5eed-3"];

    [Fact]
    public async Task Send_ConsumerIsThere_GetsSignedCloudEventsInOrderAndTheOutboxIsEmpty()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);
        await harness.ChangeAsync(0, JobState.Submitting);
        await harness.ChangeAsync(0, JobState.Succeeded);

        var step = await harness.SendAsync();

        Assert.Equal(TellStepKind.Idle, step.Kind);
        Assert.Equal(ThreeIds, consumer.Calls.Select(call => call.Id));
        Assert.Equal(["com.clipiaflows.job.ready", "com.clipiaflows.job.submitting", "com.clipiaflows.job.succeeded"], consumer.Calls.Select(call => call.Type));
        Assert.All(consumer.Calls, call =>
        {
            Assert.Equal(call.Id, call.Json.GetProperty("id").GetString());
            Assert.Equal("1.0", call.Json.GetProperty("specversion").GetString());
            Assert.Equal("/batches/spring", call.Json.GetProperty("source").GetString());
            Assert.Equal("jobs/job-0", call.Json.GetProperty("subject").GetString());
            Assert.Equal("application/cloudevents+json; charset=utf-8", call.ContentType);
            Assert.True(WebhookSecret.TryRead(OutboxHarness.Secret, out var key));
            Assert.Equal(WebhookTarget.Sign(key, call.Id, call.Timestamp, call.Body), call.Signature);
            Assert.Equal(harness.Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(call.Timestamp, CultureInfo.InvariantCulture));
        });
        Assert.Equal(4.5m, consumer.Calls.Last().Json.GetProperty("data").GetProperty("credits").GetDecimal());
        Assert.Empty(await harness.LeftAsync());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_ConsumerRedirectsToAnotherOrigin_IsNotFollowed(int status)
    {
        await using var consumer = await EventReceiver.StartAsync();
        await using var other = await EventReceiver.StartAsync();
        (consumer.Status, consumer.Location) = (status, other.Address);
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);

        await harness.SendAsync();

        Assert.NotEmpty(consumer.Calls);
        Assert.Empty(other.Calls);
    }

    // Known answer, by: printf 'id-1.1700000000.{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0102…20 -binary | base64
    [Fact]
    public void Sign_KnownContent_GivesWhatStandardWebhooksSays() => Assert.Equal(
        "v1,pYcwSC3jWXY+a9Fig25WlpMf6J6w9LyFSy/+tm24IA0=",
        WebhookTarget.Sign([.. Enumerable.Range(1, 32).Select(n => (byte)n)], "id-1", "1700000000", Encoding.UTF8.GetBytes("""{"a":1}""")));

    /// <summary>What the run has told was of the deleted batch; the new one's events have the same numbers.</summary>
    [Fact]
    public async Task Send_DeletedMeanwhileAndAnotherBatchHasTheId_DeletesNoneOfItsEvents()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);
        await harness.ChangeAsync(0, JobState.Submitting);
        harness.Jobs.Before = async _ =>
        {
            harness.Jobs.Before = _ => Task.CompletedTask;
            var rows = new RowChanges();
            foreach (var row in await harness.LeftAsync())
                rows.Delete(row);
            await harness.Tables.Jobs.CommitAsync(rows, default);
            await harness.StartAsync("another5eed", consumer.Address);
            await harness.ChangeAsync(0, JobState.Ready);
        };

        await harness.Send.RunAsync(new BatchRef { Batch = OutboxHarness.Batch }, default);
        await harness.SendAsync();

        Assert.Equal(["spring-5eed5eed-1", "spring-5eed5eed-2", "spring-another5-1"], consumer.Calls.Select(call => call.Id));
        Assert.Empty(await harness.LeftAsync());
    }

    [Fact]
    public async Task Send_ConsumerIsDownForDays_GetsEverythingOnceItIsBackAndRepetitionsCarryTheSameId()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        consumer.Status = 503;
        for (var n = 0; n < 100; n++)
            await harness.ChangeAsync(n, JobState.Ready);
        for (var tries = 0; tries < 20; tries++)
        {
            var waiting = await harness.SendAsync();
            Assert.Equal(TellStepKind.Wait, waiting.Kind);
            Assert.InRange(waiting.WakeAt!.Value - harness.Time.GetUtcNow().UtcDateTime, TimeSpan.FromSeconds(5), TimeSpan.FromHours(3));
            harness.Time.Advance(waiting.WakeAt!.Value - harness.Time.GetUtcNow().UtcDateTime);
        }

        consumer.Status = 200;
        var step = await harness.SendAsync();

        Assert.Equal(TellStepKind.Idle, step.Kind);
        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"spring-5eed5eed-{n}"), consumer.Taken.Select(call => call.Id));
        Assert.Equal(21, consumer.Calls.Count(call => call.Id == "spring-5eed5eed-1"));
        Assert.Equal(120, consumer.Calls.Count);
        Assert.Empty(await harness.LeftAsync());
    }

    [Fact]
    public async Task Send_OneOfTwoIsDown_TheOtherGetsEverythingAtOnce()
    {
        await using var down = await EventReceiver.StartAsync();
        await using var up = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        down.Status = 500;
        await harness.StartAsync(down.Address, up.Address);
        await harness.ChangeAsync(0, JobState.Ready);
        await harness.ChangeAsync(1, JobState.Ready);
        await harness.SendAsync();
        await harness.ChangeAsync(2, JobState.Ready);

        var step = await harness.SendAsync();

        Assert.Equal(TellStepKind.Wait, step.Kind);
        Assert.Equal(ThreeIds, up.Calls.Select(call => call.Id));
        Assert.Single(down.Calls);
        Assert.Equal(3, (await harness.LeftAsync()).Count);
    }

    [Fact]
    public async Task Send_KilledBeforeTheCursorIsSaved_SendsAgainUnderTheSameIds()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);
        // Two runs at once stand for one that died after its send and one that came after it.
        await Task.WhenAll(harness.SendAsync(), harness.SendAsync());

        Assert.Equal(TellStepKind.Idle, (await harness.SendAsync()).Kind);
        Assert.All(consumer.Calls, call => Assert.Equal("spring-5eed5eed-1", call.Id));
        Assert.Empty(await harness.LeftAsync());
    }

    [Fact]
    public async Task Send_NotTakenForSevenDays_IsGivenUpWithTheReasonAndTheLaterOnesWaitTheirTime()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        consumer.Status = 500;
        for (var n = 0; n < 50; n++)
            await harness.ChangeAsync(n, JobState.Ready);
        harness.Time.Advance(TimeSpan.FromDays(6));
        await harness.ChangeAsync(50, JobState.Ready);
        await harness.SendAsync();
        harness.Time.Advance(TimeSpan.FromDays(1));

        await harness.SendAsync();

        var target = await harness.TargetAsync(consumer.Address);
        Assert.Equal((50L, 50L), (target.GivenUp, target.Sequence));
        Assert.Contains("500", target.Trouble, StringComparison.Ordinal);
        Assert.Single(await harness.LeftAsync());
        // Who has just refused one old event is not asked about each of the others.
        Assert.Equal(2, consumer.Calls.Count);
        consumer.Status = 200;
        harness.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(TellStepKind.Idle, (await harness.SendAsync()).Kind);
        Assert.Equal("spring-5eed5eed-51", Assert.Single(consumer.Taken).Id);
    }

    [Fact]
    public async Task Send_BatchWasDeletedAndItsIdUsedAgain_StartsFromTheFirstEvent()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);
        await harness.SendAsync();
        var again = await harness.StartAsync(consumer.Address);
        again.Seed = "another";
        await harness.Tables.Jobs.CommitAsync(RowChanges.Replacing(again), CancellationToken.None);
        await harness.ChangeAsync(7, JobState.Ready);

        await harness.SendAsync();

        Assert.Equal("jobs/job-7", consumer.Calls.Last().Json.GetProperty("subject").GetString());
        Assert.Equal("spring-another-1", consumer.Calls.Last().Id);
    }

    [Fact]
    public async Task Send_ConsumerSaysGone_IsNotAskedAgain()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        consumer.Status = 410;
        await harness.ChangeAsync(0, JobState.Ready);
        await harness.SendAsync();
        await harness.ChangeAsync(1, JobState.Ready);

        Assert.Equal(TellStepKind.Idle, (await harness.SendAsync()).Kind);
        Assert.Single(consumer.Calls);
        Assert.Equal(2, (await harness.TargetAsync(consumer.Address)).GivenUp);
    }

    [Fact]
    public async Task Send_ConsumerAsksForAPause_IsLeftAloneForThatLong()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        (consumer.Status, consumer.RetryAfter) = (429, "600");
        await harness.ChangeAsync(0, JobState.Ready);

        var step = await harness.SendAsync();

        Assert.Equal(harness.Time.GetUtcNow().UtcDateTime.AddMinutes(10), step.WakeAt);
    }

    [Fact]
    public async Task Send_ConsumerRedirects_IsNotFollowed()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        await harness.StartAsync(consumer.Address);
        consumer.Status = 307;
        await harness.ChangeAsync(0, JobState.Ready);

        Assert.Equal(TellStepKind.Wait, (await harness.SendAsync()).Kind);
        Assert.Single(consumer.Calls);
    }

    [Fact]
    public async Task Send_LoopbackAddressWhileClipiaIsNotLocal_IsNeverCalled()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness(local: false);
        await harness.StartAsync(consumer.Address, new Uri("https://10.0.0.1/hook"), new Uri("https://[fd00::1]/hook"));
        await harness.ChangeAsync(0, JobState.Ready);

        Assert.Equal(TellStepKind.Wait, (await harness.SendAsync()).Kind);
        Assert.Empty(consumer.Calls);
        Assert.Contains("not public", (await harness.TargetAsync(new Uri("https://10.0.0.1/hook"))).Trouble, StringComparison.Ordinal);
        Assert.Contains("not public", (await harness.TargetAsync(new Uri("https://[fd00::1]/hook"))).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_NobodyWantsToBeTold_WritesNothing()
    {
        using var harness = new OutboxHarness();
        await harness.StartAsync();
        await harness.ChangeAsync(0, JobState.Ready);

        Assert.Empty(await harness.LeftAsync());
        Assert.Equal(0, (await harness.FindAsync()).Events);
    }

    [Fact]
    public async Task Send_ToSettingsAndManifestAlike_TellsEachOnce()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness(new NotificationOptions { Webhook = consumer.Address });
        await harness.StartAsync(consumer.Address);
        await harness.ChangeAsync(0, JobState.Ready);

        await harness.SendAsync();

        Assert.Single(consumer.Calls);
    }

    [Fact]
    public async Task Target_NameOfAWebhook_TellsNothingOfItsAddress()
    {
        await using var consumer = await EventReceiver.StartAsync();
        using var harness = new OutboxHarness();
        var target = Assert.Single(harness.Targets.Of(await harness.StartAsync(consumer.Address)));

        Assert.Matches("^webhook-[0-9a-f]{16}$", target.Name);
    }
}
