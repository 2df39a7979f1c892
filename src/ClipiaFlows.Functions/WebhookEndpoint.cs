using Clipia;
using ClipiaFlows.Callbacks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>Where Clipia delivers. Anonymous for the host; signature and token guard it.</summary>
public sealed partial class WebhookEndpoint(WebhookReceiver receiver, ILogger<WebhookEndpoint> log)
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
                _ => HttpResults.StatusCode(StatusCodes.Status400BadRequest),
            };
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // Whatever it is, the sender has the delivery and tries again.
            LogTrouble(trouble);
            return HttpResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A delivery could not be taken now.")]
    private partial void LogTrouble(Exception trouble);
}
