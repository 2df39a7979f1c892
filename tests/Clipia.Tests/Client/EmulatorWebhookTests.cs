using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

/// <summary>What the emulator signs and sends, the client verifies and reads.</summary>
public sealed class EmulatorWebhookTests
{
    [Fact]
    public async Task Delivery_OfASuccess_IsValidAndHoldsTheResult()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        var submission = await Submit(session, receiver);

        var request = await FirstDelivery(receiver);

        Assert.Equal(SignatureCheck.Valid, Check(request, session.WebhookSecret));
        Assert.Equal(SignatureCheck.Valid, Check(request, "the-current-one", session.WebhookSecret));
        Assert.Equal(SignatureCheck.Mismatch, Check(request, "another-secret"));
        Assert.True(WebhookDelivery.TryParse(request.Body, out var delivery));
        var result = await session.Live.Requests.GetResultAsync(submission.RequestId);
        Assert.Equal((submission.RequestId, true), (delivery.RequestId, delivery.IsOk));
        Assert.Equal((result.Model, result.Cost), (delivery.Model, delivery.Cost));
        Assert.Equal(result.Files, delivery.Files);
    }

    [Fact]
    public async Task Delivery_OfAFailure_HoldsTheError()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "fail", code = "GENERATION_FAILED", message = "сбой" });
        await Submit(session, receiver);

        Assert.True(WebhookDelivery.TryParse((await FirstDelivery(receiver)).Body, out var delivery));

        Assert.False(delivery.IsOk);
        Assert.Equal(new GenerationError("GENERATION_FAILED", "сбой"), delivery.Error);
    }

    [Fact]
    public async Task Delivery_WronglySigned_IsMismatch()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "wrong_signature" });
        await Submit(session, receiver);

        Assert.Equal(SignatureCheck.Mismatch, Check(await FirstDelivery(receiver), session.WebhookSecret));
    }

    private static Task<Submission> Submit(EmulatorSession session, FakeApi receiver) =>
        session.Live.Queue.SubmitAsync("nano-banana-2", Some.Input, new SubmitOptions { WebhookUrl = new Uri(receiver.Url, "/hook") });

    private static async Task<FakeRequest> FirstDelivery(FakeApi receiver)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (receiver.Requests.Count == 0)
            await Task.Delay(20, patience.Token);
        return receiver.Requests[0];
    }

    private static SignatureCheck Check(FakeRequest request, params string[] secrets) =>
        WebhookSignature.Verify(
            request.Headers[WebhookSignature.HeaderName], request.Body, secrets, DateTimeOffset.UtcNow, WebhookSignature.DefaultTolerance);
}
