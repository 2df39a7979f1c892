using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Clipia;
using ClipiaFlows.Azurite.Tests.Commands;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Azurite.Tests.Telemetry;

namespace ClipiaFlows.Azurite.Tests.Secrets;

/// <summary>
/// A whole campaign with everything that can be told about it told: logs at the most verbose level, traces, metrics. What
/// was written anywhere is searched for what must not be there.
/// </summary>
public sealed class CampaignSecrecyTests
{
    private const string Prompt = "A heron in the reeds \"that nobody\" else may read";
    private const string Quoted = "That asks for a heron which this policy forbids";
    private const string PreviousSecret = "whsec_before_the_rotation_0123456789", PreviousCallbackKey = "callback-key-before-the-rotation", FunctionKey = "function-key-of-the-command-0123456789";

    /// <summary>Where an input is the very thing that is kept: what the user wrote, what is sent for it, and what came of it.</summary>
    private static readonly string[] MayHoldPrompts =
        ["blob/manifests", "blob/plans", "blob/requests", "blob/receipts", "blob/outputs", "table/Jobs/R/Body", "stdout"];

    /// <summary>Where it is told why a job failed, in Clipia's words, which may quote the input: to those whom the user named too.</summary>
    private static readonly string[] MayHoldMessages = [.. MayHoldPrompts, "table/Jobs/", "blob/deliveries", "queue/events"];

    /// <summary>A frozen request is sent again byte for byte, and its callback address is part of it.</summary>
    private static readonly string[] MayHoldTokens = ["blob/requests", "table/Jobs/R/Body"];

    [Fact]
    public async Task Campaign_AtTheMostVerboseLevel_WritesNoSecretAndNoPromptWhereItMustNotBe()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = receiver.Settings;
        foreach (var (name, value) in new[]
        {
            ("AzureFunctionsJobHost__logging__logLevel__default", "Trace"), ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft", "Trace"),
            ("Logging__LogLevel__System.Net.Http.HttpClient", "Trace"), ("Clipia__PreviousWebhookSecret", PreviousSecret), ("Callbacks__PreviousKey", PreviousCallbackKey),
            ("Notifications__QueueName", "events"),
        })
            settings[name] = value;
        await using var stack = await RunningStack.StartAsync(clockScale: 5, imageSeconds: 4, videoSeconds: 6, appSettings: settings);

        var said = await RunEverythingAsync(stack);
        var written = await WrittenPlaces.CollectAsync(stack, receiver);
        written.AddRange(said);
        var (secrets, tokens) = await NeedlesAsync(stack);

        Assert.NotEmpty(tokens);
        Assert.Contains(written, one => one.Place == "log/app.log" && Encoding.UTF8.GetString(one.Content).Contains("warn: ", StringComparison.Ordinal));
        Assert.Contains(written, one => one.Place == "telemetry");
        Assert.Contains(written, one => one.Place.StartsWith("app/durable.db", StringComparison.Ordinal));
        Assert.Contains(written, one => one.Place.StartsWith("queue/", StringComparison.Ordinal));
        // What may hold a prompt does, so that the search is one.
        Assert.Contains(written, one => one.Place.StartsWith("blob/plans", StringComparison.Ordinal) && new Needle("prompt", "A heron in the reeds").IsIn(one.Content));
        Assert.Contains(written, one => one.Place == "table/Jobs/J/Message" && new Needle("message", Quoted).IsIn(one.Content));
        Assert.True(Found(written, secrets, tokens).Count == 0, string.Join('\n', Found(written, secrets, tokens).Distinct()));

        await PlantAsync(stack, settings["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var found = Found(await WrittenPlaces.CollectAsync(stack, receiver), secrets, tokens);
        foreach (var place in new[] { "app/planted", "telemetry", "table/Planted/p/Text", "table/Planted/p/Bytes", "blob/planted" })
            Assert.Contains(found, one => one.StartsWith(place, StringComparison.Ordinal));
    }

    /// <summary>The search finds each form that it looks for.</summary>
    [Theory]
    [InlineData("clipia_live_0123456789")]
    [InlineData("a \"quoted\" & odd+one/ü")]
    public void Needle_InAnyForm_IsFound(string text)
    {
        var needle = new Needle("n", text);
        var bytes = Encoding.UTF8.GetBytes(text);

        foreach (var before in new[] { "", "x", "xy", "xyz" })
            Assert.True(needle.IsIn(Encoding.ASCII.GetBytes(Convert.ToBase64String([.. Encoding.ASCII.GetBytes(before), .. bytes, .. "tail"u8]))), before);
        Assert.True(needle.IsIn([0xFF, .. bytes, 0]));
        Assert.True(needle.IsIn(Encoding.Unicode.GetBytes($"x{text}y")));
        Assert.True(needle.IsIn(Encoding.UTF8.GetBytes($"?key={Uri.EscapeDataString(text)}&x=1")));
        Assert.False(needle.IsIn(bytes.AsSpan(1)));
        Assert.False(needle.IsIn("anything else"u8));
    }

    /// <summary>Success, failure, refusals, forgeries, mistakes: whatever might be told of with too much detail.</summary>
    private static async Task<List<Written>> RunEverythingAsync(RunningStack stack)
    {
        using var http = new HttpClient { BaseAddress = stack.Local.AppUrl };
        await stack.Emulator.MisbehaveAsync(new { effect = "fail", after = 1, first = 1, message = Quoted });
        foreach (var effect in new[] { "throttle", "server_error", "reset_before", "reset_after", "html_answer", "truncate_answer" })
            await stack.Emulator.MisbehaveAsync(new { effect, first = 1, after = 2, retry_after = 1 });
        await stack.Emulator.MisbehaveAsync(new { effect = "wrong_signature", first = 1 });
        await stack.Emulator.MisbehaveAsync(new { effect = "wrong_media_type", first = 1 });

        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "manifest.json");
        await File.WriteAllBytesAsync(manifest, Manifest());
        var run = await CliProcess.RunAsync(
            ["run", manifest, "--yes", "--url", stack.Local.AppUrl.AbsoluteUri], environment => environment["CLIPIAFLOWS_KEY"] = FunctionKey);
        List<Written> said = [new("stdout/run", Encoding.UTF8.GetBytes(run.Output)), new("stderr/run", Encoding.UTF8.GetBytes(run.Errors))];

        foreach (var (name, body) in new[]
        {
            ("unknown variable", $$$"""{"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":{{{JsonSerializer.Serialize(Prompt + " {{oops}}")}}}}}]}"""),
            ("no JSON", $$"""{"jobs":[{"id":"a","input":{"prompt":{{JsonSerializer.Serialize(Prompt)}}"""),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("api/batches", UriKind.Relative), content);
            said.Add(new($"problem/{name}", await answer.Content.ReadAsByteArrayAsync()));
        }

        foreach (var address in (await stack.Emulator.GetAsync("requests")).GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("webhook_url").GetString()!).Take(2))
        {
            using var delivery = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent($$"""{"request_id":"x","prompt":"{{Prompt.Replace('"', '\'')}}"}""") };
            delivery.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            delivery.Headers.Add(WebhookSignature.HeaderName, WebhookSignature.Sign("{}"u8, stack.Local.WebhookSecret, DateTimeOffset.UtcNow));
            using var answer = await http.SendAsync(delivery);
            said.Add(new("problem/forged delivery", await answer.Content.ReadAsByteArrayAsync()));
        }

        // The exporters send every fifth of a second.
        await Task.Delay(TimeSpan.FromSeconds(2));
        return said;
    }

    private static async Task<(List<Needle> Secrets, List<Needle> Tokens)> NeedlesAsync(RunningStack stack)
    {
        List<Needle> secrets =
        [
            new("API key", stack.Local.LiveKey), new("test key", stack.Local.TestKey), new("webhook secret", stack.Local.WebhookSecret),
            new("previous webhook secret", PreviousSecret), new("callback key", stack.Local.CallbackKey), new("previous callback key", PreviousCallbackKey),
            new("function key", FunctionKey),
        ];
        var addresses = (await stack.Emulator.GetAsync("requests")).GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("webhook_url").GetString()!);
        return (secrets, [.. addresses.Select(address => new Needle("callback token", address[(address.LastIndexOf('/') + 1)..]))]);
    }

    private static List<string> Found(IEnumerable<Written> written, List<Needle> secrets, List<Needle> tokens)
    {
        // A part of it is as bad as all of it.
        var prompts = new[] { new Needle("prompt", "A heron in the reeds"), new Needle("prompt", "that nobody") };
        var messages = new[] { new Needle("Clipia's message", Quoted) };
        return
        [
            .. from one in written
               from needle in secrets
                   .Concat(May(one, MayHoldTokens) ? [] : tokens)
                   .Concat(May(one, MayHoldPrompts) ? [] : prompts)
                   .Concat(May(one, MayHoldMessages) ? [] : messages)
               where needle.IsIn(one.Content)
               select $"{one.Place}: {needle.Name}",
        ];

        static bool May(Written one, string[] places) => places.Any(place => one.Place.StartsWith(place, StringComparison.Ordinal));
    }

    /// <summary>Leaks of every kind, which a search that works must find.</summary>
    private static async Task PlantAsync(RunningStack stack, string telemetry)
    {
        var key = stack.Local.LiveKey;
        await File.WriteAllTextAsync(Path.Combine(stack.Local.DataDirectory, "app", "planted"), $"Authorization: Bearer {key}");
        var table = new TableServiceClient(stack.Local.StorageConnectionString).GetTableClient("Planted");
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "p") { ["Text"] = $"x{key}", ["Bytes"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"xy{key}"))) });
        var container = new BlobServiceClient(stack.Local.StorageConnectionString).GetBlobContainerClient("planted");
        await container.CreateAsync();
        await container.UploadBlobAsync("log.txt", BinaryData.FromString(Prompt));
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(new Uri(telemetry), "/v1/logs"), new ByteArrayContent(Encoding.UTF8.GetBytes($"\n\u0010{key[..16]}{key[16..]}")));
        await table.GetEntityAsync<TableEntity>("p", "p");
    }

    private static byte[] Manifest() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = "Herons",
        policy = new { retries = 0 },
        notify = new[] { new { queue = true } },
        defaults = new { model = "nano-banana-2", input = new { resolution = "1K" } },
        jobs = new object[]
        {
            new { id = "still", count = 4, input = new { prompt = Prompt + " {{index}}" } },
            new { id = "bad", input = new { prompt = Prompt + " again" } },
            new { id = "clip", model = "seedance-2-fast-i2v", input = new { prompt = Prompt + " that moves", image_url = "${{ jobs.still-1.output.images[0].url }}", duration = 5, resolution = "480p" } },
        },
    });
}
