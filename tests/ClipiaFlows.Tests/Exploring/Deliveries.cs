using ClipiaFlows.Callbacks;
using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Hands deliveries to the product's receiver, genuine ones and others.</summary>
internal static class Deliveries
{
    private const string OfSomebodyElse = "00000000-0000-4000-8000-999999999999";

    /// <summary>The genuine delivery of a generation that has ended.</summary>
    public static async Task TakeAsync(World world, Generation generation)
    {
        var body = ApiModel.DeliveryOf(generation.RequestId, generation.Status);
        var receipt = await ReceiveAsync(world, generation.Instance, generation.Token, body, AppProcess.WebhookSecret);
        Expect(WebhookReceipt.Accepted, receipt);
    }

    /// <summary>A genuine delivery that names another job's request.</summary>
    public static async Task OfAnotherJobAsync(World world, string instance)
    {
        var body = ApiModel.DeliveryOf(OfSomebodyElse, "COMPLETED");
        Expect(WebhookReceipt.Accepted, await ReceiveAsync(world, instance, Token(world, instance), body, AppProcess.WebhookSecret));
    }

    /// <summary>A genuine delivery of a deleted batch that had the same id, and so an instance of the same id.</summary>
    public static async Task OfADeletedBatchAsync(World world, string instance)
    {
        var body = ApiModel.DeliveryOf(OfSomebodyElse, "COMPLETED");
        Expect(WebhookReceipt.Accepted, await ReceiveAsync(world, instance, Token(world, instance, "seed of the deleted one"), body, AppProcess.WebhookSecret));
    }

    /// <summary>Deliveries that somebody made up: a wrong signature, and a right one under a wrong address.</summary>
    public static async Task ForgedAsync(World world, string instance)
    {
        var requestId = world.Api.Generations.Find(one => one.Instance == instance)?.RequestId ?? OfSomebodyElse;
        var body = ApiModel.DeliveryOf(requestId, "COMPLETED");
        Expect(WebhookReceipt.Rejected, await ReceiveAsync(world, instance, Token(world, instance), body, "whsec_guessed"));
        Expect(WebhookReceipt.Rejected, await ReceiveAsync(world, instance, Token(world, instance + "1"), body, AppProcess.WebhookSecret));
    }

    private static Task<WebhookReceipt> ReceiveAsync(World world, string instance, string token, byte[] body, string secret)
    {
        var signature = WebhookSignature.Sign(body, secret, world.Time.GetUtcNow());
        return world.Process.Receiver.ReceiveAsync(instance, token, signature, body, world.Client, CancellationToken.None);
    }

    private static string Token(World world, string instance, string seed = Scenario.Seed)
    {
        var (batch, n, attempt) = InstanceIds.TryParseJob(instance, out var parsed, out var number, out var which) ? (parsed, number, which) : ("", 0, 0);
        return world.Process.Callbacks.For(instance, IdempotencyKey.For(seed, batch, n, attempt))!.Segments[^1];
    }

    private static void Expect(WebhookReceipt expected, WebhookReceipt found)
    {
        if (found != expected)
            throw new ViolationException($"A delivery was {found} that had to be {expected}.");
    }
}
