using System.Text;
using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Notifications;

public sealed class EventWriterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(2, false)]
    [InlineData(70, true)]
    public async Task Write_JobSucceeded_NamesItsFilesAndStaysSmallEnoughForAQueue(int files, bool truncated)
    {
        using var harness = new OutboxHarness();
        var batch = await harness.StartAsync();
        var attempt = BatchHarness.NewAttempt(OutboxHarness.Batch, 0, 1);
        attempt.Body = Encoding.UTF8.GetBytes("a secret prompt");
        attempt.IdempotencyKey = "a-key";
        attempt.FilesJson = StoredJson.Write(Enumerable.Range(0, files).Select(n => new StoredOutput
        {
            Path = n == 0 ? "films/für-0.mp4" : $"films/{new string('東', 150)}-{n}.mp4", Url = new Uri($"https://account.example/outputs/spring/films/{n}.mp4"), ContentType = "video/mp4",
            Bytes = 10, Sha256 = new string('a', 64),
        }));
        await harness.Tables.Jobs.CommitAsync(RowChanges.Putting(attempt), None);
        var row = new OutboxRow { Sequence = 7, At = harness.Time.GetUtcNow(), N = 0, JobId = "films", Attempt = 1, JobState = JobState.Succeeded };

        var happened = await new EventWriter(harness.Tables, BatchHarness.Links).WriteAsync(batch, row, None);

        var bytes = EventJson.Write(happened);
        var text = Encoding.UTF8.GetString(bytes);
        var data = JsonElement.Parse(bytes).GetProperty("data");
        Assert.True(bytes.Length <= 48 * 1024, $"{bytes.Length} bytes");
        Assert.Equal("spring-5eed5eed-7", happened.Id);
        Assert.Equal(harness.Time.GetUtcNow(), happened.Time);
        Assert.Equal(truncated, data.TryGetProperty("truncated", out _));
        Assert.Equal("films/für-0.mp4", data.GetProperty("outputs")[0].GetProperty("path").GetString());
        Assert.Equal(new string('a', 64), data.GetProperty("outputs")[0].GetProperty("sha256").GetString());
        Assert.DoesNotContain("prompt", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_BatchChanged_HasNoSubjectAndTheStateInItsType()
    {
        using var harness = new OutboxHarness();
        var row = new OutboxRow { Sequence = 1, BatchState = BatchState.CompletedWithFailures };

        var happened = await new EventWriter(harness.Tables, BatchHarness.Links).WriteAsync(await harness.StartAsync(), row, None);

        Assert.Equal("com.clipiaflows.batch.completedWithFailures", happened.Type);
        Assert.Null(happened.Subject);
    }

    [Fact]
    public void ProblemsOf_WhatTheSettingsCannotReach_IsToldWithItsPlace()
    {
        using var harness = new OutboxHarness(local: false);

        var problems = harness.Targets.ProblemsOf(
        [
            new ManifestNotification { Pointer = "/notify/0", EventGrid = true },
            new ManifestNotification { Pointer = "/notify/1", Webhook = new Uri("http://127.0.0.1:9/hook") },
            new ManifestNotification { Pointer = "/notify/2", Webhook = new Uri("https://example.com/hook") },
            new ManifestNotification { Pointer = "/notify/3", Queue = true },
        ]).ToList();

        Assert.Equal(["/notify/0/eventGrid", "/notify/1/webhook"], problems.Select(problem => problem.Pointer));
    }

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true)]
    [InlineData("whsec_AAECAwQF", false)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", false)]
    [InlineData("whsec_not base64", false)]
    [InlineData("", false)]
    public void Secret_Forms_AreReadOrRefused(string secret, bool isGood) => Assert.Equal(isGood, WebhookSecret.TryRead(secret, out _));
}
