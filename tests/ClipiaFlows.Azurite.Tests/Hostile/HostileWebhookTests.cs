using System.Net;
using System.Text;
using System.Text.Json;
using Clipia;
using Clipia.Tests.Client;
using ClipiaFlows.Azurite.Tests.EndToEnd;

namespace ClipiaFlows.Azurite.Tests.Hostile;

/// <summary>What anybody, and what somebody with the signing secret, can send to the one function that asks for no key.</summary>
[Collection(BesiegedStackUsers.Name)]
public sealed class HostileWebhookTests(BesiegedStackFixture besieged) : IDisposable
{
    private readonly HttpClient _http = new();

    private RunningStack Stack => besieged.Running;

    public void Dispose() => _http.Dispose();

    [Fact]
    public Task Deliver_EverySignatureVector_IsBelievedOnlyWhenItIsGood() => besieged.WhileACampaignRunsAsync(async batch =>
    {
        var job = (await WaitingAsync()).First();
        // Good or not, it is about nothing that waits here.
        var body = Encoding.UTF8.GetBytes("""{"request_id":"of-nobody","status":"OK"}""");
        var vectors = SignatureVectors.For(Stack.Local.WebhookSecret, BesiegedStackFixture.PreviousSecret, body, DateTimeOffset.UtcNow);
        Assert.InRange(vectors.Count, 60, 1000);

        foreach (var vector in vectors)
        {
            var answer = await DeliverAsync(job.Webhook, body, vector.Headers);

            var expected = vector.IsGood ? HttpStatusCode.Accepted : HttpStatusCode.Unauthorized;
            Assert.True(expected == answer, $"{vector.Name}: {answer}");
        }

        await VerifyAddressesAsync(batch, job.Webhook);
    });

    [Fact]
    public Task Deliver_HostileBodiesWithAGoodSignature_AreRefusedOrWithoutEffect() => besieged.WhileACampaignRunsAsync(async _ =>
    {
        var waiting = await WaitingAsync();
        var (mine, other) = (waiting[0], waiting[1]);

        foreach (var (name, expected, body) in Bodies(mine.Id, other.Id))
        {
            var answer = await DeliverAsync(mine.Webhook, body, WebhookSignature.Sign(body, Stack.Local.WebhookSecret, DateTimeOffset.UtcNow));

            Assert.True(expected == (int)answer, $"{name}: {answer}");
        }
    });

    /// <summary>A good signature does not help at an address that was not made here.</summary>
    private async Task VerifyAddressesAsync(string batch, string genuine)
    {
        var root = genuine[..(genuine.IndexOf("/clipia/", StringComparison.Ordinal) + "/clipia/".Length)];
        var (instance, token) = (genuine[root.Length..genuine.LastIndexOf('/')], genuine[(genuine.LastIndexOf('/') + 1)..]);
        var body = Encoding.UTF8.GetBytes("""{"request_id":"of-nobody","status":"OK"}""");
        var signature = WebhookSignature.Sign(body, Stack.Local.WebhookSecret, DateTimeOffset.UtcNow);

        foreach (var address in new[]
        {
            $"{root}{instance}/{token}x", $"{root}{instance}/{token[1..]}", $"{root}{instance}/{token.ToLowerInvariant()}", $"{root}{instance}/{new string('A', token.Length)}",
            $"{root}{instance}/{new string('a', 8000)}", $"{root}{instance.ToUpperInvariant()}/{token}", $"{root}{instance}x/{token}",
            $"{root}b-{batch}/{token}", $"{root}j-{batch}-99-1/{token}", $"{root}..%2f..%2f{instance}/{token}", $"{root}{instance}%0d%0aX:%20y/{token}",
            $"{root}%ef%bb%bf{instance}/{token}", $"{root}{instance}%20/{token}", $"{root}*/{token}", $"{root}j-x-1-1'%20or%20'1'='1/{token}",
        })
            Assert.Equal((address, HttpStatusCode.Unauthorized), (address, await DeliverAsync(address, body, signature)));
        // A path with a zero byte is none.
        foreach (var address in new[] { $"{root}{instance}/%00", $"{root}{instance}%00/{token}" })
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, await DeliverAsync(address, body, signature)));
        foreach (var address in new[] { root, $"{root}{instance}", $"{root}{instance}/", $"{root}/{token}", $"{root}{instance}/{token}/x", $"{root}{instance}%2f{token}" })
            Assert.Equal((address, HttpStatusCode.NotFound), (address, await DeliverAsync(address, body, signature)));
    }

    private static IEnumerable<(string Name, int Expected, byte[] Body)> Bodies(string mine, string other)
    {
        yield return ("empty", 400, []);
        yield return ("blanks", 400, Bytes("  \n"));
        yield return ("a zero byte", 400, [0]);
        yield return ("an array", 400, Bytes("[]"));
        yield return ("a text", 400, Bytes("\"OK\""));
        yield return ("null", 400, Bytes("null"));
        yield return ("cut off", 400, Bytes($$"""{"request_id":"{{mine}}","status":"""));
        yield return ("two documents", 400, Bytes($$$"""{"request_id":"{{{mine}}}"}{}"""));
        yield return ("a comma too many", 400, Bytes($$"""{"request_id":"{{mine}}",}"""));
        yield return ("a comment", 400, Bytes($$"""{"request_id":"{{mine}}"/*x*/}"""));
        yield return ("a form", 400, Bytes($"request_id={mine}&status=OK"));
        yield return ("XML", 400, Bytes($"<request id=\"{mine}\"/>"));
        yield return ("UTF-16", 400, Encoding.Unicode.GetBytes($$"""{"request_id":"{{mine}}"}"""));
        yield return ("UTF-32", 400, Encoding.UTF32.GetBytes($$"""{"request_id":"{{mine}}"}"""));
        yield return ("no UTF-8", 400, [.. Bytes("{\"request_id\":\"r"), 0xFF, .. Bytes("\"}")]);
        yield return ("overlong UTF-8", 400, [.. Bytes("{\"request_id\":\"r"), 0xC0, 0xAF, .. Bytes("\"}")]);
        yield return ("surrogates in UTF-8", 400, [.. Bytes("{\"request_id\":\"r"), 0xED, 0xA0, 0x80, .. Bytes("\"}")]);
        yield return ("two byte order marks", 400, [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Bytes($$"""{"request_id":"{{mine}}"}""")]);
        yield return ("no id", 400, Bytes("""{"status":"OK"}"""));
        yield return ("an empty id", 400, Bytes("""{"request_id":"","status":"OK"}"""));
        yield return ("a number as id", 202, Bytes("""{"request_id":7,"status":"OK"}"""));
        yield return ("null as id", 400, Bytes("""{"request_id":null,"status":"OK"}"""));
        yield return ("an object as id", 400, Bytes("""{"request_id":{"a":1},"status":"OK"}"""));
        yield return ("a path as id", 400, Bytes("""{"request_id":"../../outputs/x","status":"OK"}"""));
        yield return ("a hidden path as id", 400, Bytes("""{"request_id":"..%2fx","status":"OK"}"""));
        yield return ("a zero byte in the id", 400, Bytes("""{"request_id":"a\u0000b","status":"OK"}"""));
        yield return ("half a letter in the id", 400, Bytes("""{"request_id":"\ud83d","status":"OK"}"""));
        yield return ("a long id", 400, Bytes($$"""{"request_id":"{{new string('a', 200)}}","status":"OK"}"""));
        yield return ("arrays, 100,000 deep", 400, Bytes($$$"""{"request_id":"{{{mine}}}","x":{{{new string('[', 100_000)}}}{{{new string(']', 100_000)}}}}"""));
        yield return ("objects, 65 deep", 400, Bytes($$$"""{"request_id":"{{{mine}}}","x":{{{string.Concat(Enumerable.Repeat("{\"a\":", 65))}}}1{{{new string('}', 65)}}}}"""));
        yield return ("one byte too long", 413, Bytes($$"""{"request_id":"{{mine}}"}""".PadRight(WebhookDelivery.LongestBody + 1)));
        yield return ("20 MB", 413, new byte[20 * 1024 * 1024]);
        // Well-formed and about somebody else.
        yield return ("of another job", 202, Bytes($$$$"""{"request_id":"{{{{other}}}}","status":"OK","payload":{"output":{"images":[{"url":"http://169.254.169.254/x"}]}}}"""));
        yield return ("of nobody", 202, Bytes("""{"request_id":"of-nobody","status":"ERROR"}"""));
        yield return ("another job's id after the own", 202, Bytes($$"""{"request_id":"{{mine}}","request_id":"{{other}}","status":"OK"}"""));
        // About this job, and no end that the result endpoint confirms: it goes on.
        yield return ("an unknown status", 202, Bytes($$"""{"request_id":"{{mine}}","status":"PARTIAL"}"""));
        yield return ("no status", 202, Bytes($$"""{"request_id":"{{mine}}"}"""));
        yield return ("an object as status", 202, Bytes($$$"""{"request_id":"{{{mine}}}","status":{"OK":true}}"""));
        yield return ("a failure that is none", 202, Bytes($$$"""{"request_id":"{{{mine}}}","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"\u001b[2J"}}"""));
        yield return ("a cancellation that is none", 202, Bytes($$"""{"request_id":"{{mine}}","status":"CANCELED"}"""));
        yield return ("success without a payload", 202, Bytes($$"""{"request_id":"{{mine}}","status":"OK"}"""));
        yield return ("a payload of a wrong type", 202, Bytes($$"""{"request_id":"{{mine}}","status":"OK","payload":"text"}"""));
        yield return ("a byte order mark", 202, [0xEF, 0xBB, 0xBF, .. Bytes($$"""{"request_id":"{{mine}}","status":"OK"}""")]);
        yield return ("the longest", 202, Bytes($$"""{"request_id":"{{mine}}","status":"OK"}""".PadRight(WebhookDelivery.LongestBody)));
    }

    [Fact]
    public Task Deliver_SuccessWithoutFiles_TheResultEndpointHasTheLastWord() => besieged.WhileACampaignRunsAsync(async _ =>
    {
        string[] payloads =
        [
            """{"output":{}}""", """{"output":{"images":[]},"cost":-5}""", """{"output":{"images":[{"url":7},{"url":"nonsense"},null]},"cost":"a lot"}""",
            """{"output":[],"cost":1e300}""",
        ];
        foreach (var (job, payload) in (await WaitingAsync(payloads.Length)).Zip(payloads))
        {
            var body = Encoding.UTF8.GetBytes($$$"""{"request_id":"{{{job.Id}}}","status":"OK","payload":{{{payload}}}}""");

            var answer = await DeliverAsync(job.Webhook, body, WebhookSignature.Sign(body, Stack.Local.WebhookSecret, DateTimeOffset.UtcNow));

            Assert.Equal(HttpStatusCode.Accepted, answer);
        }
    });

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<HttpStatusCode> DeliverAsync(string address, byte[] body, params string[] signatures)
    {
        using var delivery = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        delivery.Content.Headers.ContentType = new("application/json");
        foreach (var signature in signatures)
            delivery.Headers.TryAddWithoutValidation(WebhookSignature.HeaderName, signature);
        using var answer = await _http.SendAsync(delivery);
        return answer.StatusCode;
    }

    /// <summary>Requests that are generated now, the newest first, so that a few seconds are left.</summary>
    private async Task<List<(string Id, string Webhook)>> WaitingAsync(int atLeast = 2)
    {
        List<(string, string)> waiting = [];
        await Eventually.TrueAsync(
            async () => (waiting = await FindAsync()).Count >= atLeast, TimeSpan.FromSeconds(30), () => $"No {atLeast} jobs are being generated.");
        return waiting;

        async Task<List<(string, string)>> FindAsync() =>
            [.. (await Stack.Emulator.GetAsync("requests?limit=30")).GetProperty("requests").EnumerateArray()
                .Where(request => request.GetProperty("status").GetString() is "IN_QUEUE" or "IN_PROGRESS" && request.GetProperty("webhook_url").ValueKind is JsonValueKind.String)
                .OrderByDescending(request => request.GetProperty("created_at").GetDateTimeOffset())
                .Select(request => (request.GetProperty("request_id").GetString()!, request.GetProperty("webhook_url").GetString()!))];
    }
}
