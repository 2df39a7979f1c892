using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging;
using ClipiaFlows.Media;

namespace ClipiaFlows.Notifications;

/// <summary>A webhook in the form of Standard Webhooks: headers <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
/// <remarks>Any 2xx takes the event, 410 refuses it and all that follow for good, anything else is tried again. Redirects are not followed.</remarks>
public sealed class WebhookTarget(Uri address, byte[] key, HttpClient http, TimeProvider time) : IEventTarget
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/cloudevents+json") { CharSet = "utf-8" };

    /// <summary>Name of the target with that address: a digest, because an address may hold a secret.</summary>
    public static string NameOf(Uri address) =>
        "webhook-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)))[..16];

    /// <inheritdoc />
    public string Name { get; } = NameOf(address);

    /// <inheritdoc />
    public async Task<Refusal?> SendAsync(CloudEvent happened, CancellationToken cancellation)
    {
        var body = EventJson.Write(happened);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = ContentType;
        request.Headers.Add("webhook-id", happened.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(key, happened.Id, timestamp, body));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode ? null : new Refusal(
                $"Webhook at {address.Host}: it answered {(int)response.StatusCode}.",
                PauseAskedFor(response.Headers.RetryAfter),
                ForGood: response.StatusCode is HttpStatusCode.Gone);
        }
        catch (HttpRequestException refused) when (refused.InnerException is MediaException inward)
        {
            return new Refusal($"Webhook: {inward.Message}");
        }
        catch (HttpRequestException)
        {
            return new Refusal($"Webhook at {address.Host}: it cannot be reached.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Refusal($"Webhook at {address.Host}: it did not answer within {http.Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>The signature header: <c>v1,</c> and the HMAC-SHA256 over <c>id.timestamp.body</c> in Base64.</summary>
    public static string Sign(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }

    private TimeSpan? PauseAskedFor(RetryConditionHeaderValue? header) => header?.Delta ?? header?.Date - time.GetUtcNow();
}
