using Azure;
using Clipia;
using ClipiaFlows.Callbacks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>Where Clipia delivers. Anonymous for the host; signature and token guard it.</summary>
public sealed class WebhookEndpoint(WebhookReceiver receiver)
{
    /// <summary>Receives one delivery and answers at once.</summary>
    [Function("clipia-webhook")]
    public async Task<IResult> Receive(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/clipia/{instanceId}/{token}")] HttpRequest request,
        string instanceId,
        string token,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (await RequestBody.ReadAsync(request, WebhookDelivery.LongestBody, cancellationToken) is not { } body)
            return HttpResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            var signature = request.Headers[WebhookSignature.HeaderName].ToString();
            return await receiver.ReceiveAsync(instanceId, token, signature, body, client, cancellationToken) switch
            {
                WebhookReceipt.Accepted => HttpResults.StatusCode(StatusCodes.Status202Accepted),
                WebhookReceipt.Rejected => HttpResults.StatusCode(StatusCodes.Status401Unauthorized),
                WebhookReceipt.TooLarge => HttpResults.StatusCode(StatusCodes.Status413PayloadTooLarge),
                _ => HttpResults.StatusCode(StatusCodes.Status400BadRequest),
            };
        }
        catch (Exception trouble) when (trouble is RequestFailedException or AggregateException)
        {
            return HttpResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
