using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clipia.Emulator;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>The API that is explored against says what the emulator says over a real socket, call by call.</summary>
public sealed class ApiModelTests : IAsyncLifetime
{
    private const string First = "11111111-1111-4111-8111-111111111111";
    private const string Second = "22222222-2222-4222-8222-222222222222";
    private const string Third = "33333333-3333-4333-8333-333333333333";

    private readonly VirtualTime _time = new();
    private readonly HttpClient _http = new();
    private readonly Dictionary<string, string> _numbers = [];
    private ApiModel _model = null!;
    private HttpClient _modelHttp = null!;
    private EmulatorApi _emulator = null!;
    private EventReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _emulator = await EmulatorApi.StartAsync(new EmulatorOptions { Time = _time, Credits = (long)ApiModel.Granted });
        _model = new ApiModel(_time);
        _modelHttp = new HttpClient(new ApiHandler(_model, _ => Task.CompletedTask)) { BaseAddress = new("https://api.example") };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _modelHttp.Dispose();
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Model_AndEmulator_AnswerAlike()
    {
        await AgreeAsync("submit", First, "a");
        await AgreeAsync("submit", First, "a");
        await AgreeAsync("submit", First, "b");
        await AgreeAsync("submit", Second, "b");
        await AgreeAsync("result", "1");
        await AgreeAsync("result", "00000000-0000-4000-8000-000000000404");
        await AgreeAsync("account");
        await AgreeAsync("estimate");

        await EndAsync(2, "CANCELED");
        await AgreeAsync("result", "2");
        await AgreeAsync("account");
        await EndAsync(1, "COMPLETED");
        await AgreeAsync("result", "1");
        await AgreeAsync("submit", First, "a");
        await AgreeAsync("account");

        using (await _http.PostAsJsonAsync(new Uri(_emulator.BaseUrl, "/_local/scenarios"), new { effect = "fail" }))
            await AgreeAsync("submit", Third, "c");
        await EndAsync(3, "FAILED");
        await AgreeAsync("result", "3");
        await AgreeAsync("account");
        await AgreeOnDeliveriesAsync();

        _time.Advance(TimeSpan.FromHours(24));
        await AgreeAsync("submit", First, "b");
        await AgreeAsync("account");
    }

    private async Task AgreeAsync(string call, params string[] arguments)
    {
        var emulated = await AnswerAsync(_http, _emulator.BaseUrl, call, arguments);
        var modelled = await AnswerAsync(_modelHttp, _modelHttp.BaseAddress!, call, arguments);
        Assert.Equal($"{call} {string.Join(' ', arguments)}: {emulated}", $"{call} {string.Join(' ', arguments)}: {modelled}");
    }

    private async Task<string> AnswerAsync(HttpClient http, Uri api, string call, string[] arguments)
    {
        using var request = call switch
        {
            "submit" => Post(api, "v1/models/nano-banana-2", new { input = new { prompt = arguments[1] }, webhook_url = _receiver.Address }),
            "estimate" => Post(api, "v1/models/nano-banana-2/estimate", new { input = new { prompt = "a" } }),
            "result" => new HttpRequestMessage(HttpMethod.Get, new Uri(api, $"v1/requests/{IdOf(api, arguments[0])}")),
            _ => new HttpRequestMessage(HttpMethod.Get, new Uri(api, "v1/account")),
        };
        request.Headers.Authorization = new("Bearer", _emulator.LiveKey);
        if (call == "submit")
            request.Headers.Add("Idempotency-Key", arguments[0]);
        using var response = await http.SendAsync(request);
        return $"{(int)response.StatusCode} {Shown(api, await response.Content.ReadFromJsonAsync<JsonElement>())}";
    }

    /// <summary>What the product reads of an answer, with the requests numbered.</summary>
    private string Shown(Uri api, JsonElement answer)
    {
        var shown = new StringBuilder();
        foreach (var name in new[] { "request_id", "status", "cost", "credits" })
        {
            if (answer.TryGetProperty(name, out var value))
                shown.Append(CultureInfo.InvariantCulture, $"{name}={(name == "request_id" ? NumberOf(api, value.GetString()!) : value)} ");
        }

        if (answer.TryGetProperty("balance", out var balance))
            shown.Append(CultureInfo.InvariantCulture, $"balance={balance.GetProperty("credits")} ");
        if (answer.TryGetProperty("output", out var output))
            shown.Append(CultureInfo.InvariantCulture, $"images={output.GetProperty("images").GetArrayLength()} ");
        if (answer.TryGetProperty("error", out var error))
            shown.Append(CultureInfo.InvariantCulture, $"error={error.GetProperty("code")} ");
        return shown.ToString();
    }

    private async Task EndAsync(int number, string status)
    {
        if (status == "CANCELED")
            using (await _http.PostAsync(new Uri(_emulator.BaseUrl, $"/_local/requests/{IdOf(_emulator.BaseUrl, $"{number}")}/cancel"), null))
                ApiModel.End(_model.Generations[number - 1], status);
        else
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            ApiModel.End(_model.Generations[number - 1], status);
        }
    }

    private async Task AgreeOnDeliveriesAsync()
    {
        await Eventually.Holds(() => _receiver.Calls.Count >= 3);
        foreach (var call in _receiver.Calls)
        {
            var body = JsonElement.Parse(call.Body);
            var generation = _model.Generations[int.Parse(NumberOf(_emulator.BaseUrl, body.GetProperty("request_id").GetString()!), CultureInfo.InvariantCulture) - 1];
            var modelled = JsonElement.Parse(ApiModel.DeliveryOf(generation.RequestId, generation.Status));
            Assert.Equal(DeliveryShown(body), DeliveryShown(modelled));
        }

        static string DeliveryShown(JsonElement delivery) =>
            delivery.GetProperty("status").GetString() == "OK"
                ? $"OK {delivery.GetProperty("payload").GetProperty("cost")} {delivery.GetProperty("payload").GetProperty("output").GetProperty("images").GetArrayLength()}"
                : $"ERROR {delivery.GetProperty("error").GetProperty("code")}";
    }

    // Requests are told by the order in which they were accepted.
    private string NumberOf(Uri api, string id)
    {
        if (!_numbers.TryGetValue($"{api.Host} {id}", out var number))
            _numbers[$"{api.Host} {id}"] = number = (_numbers.Keys.Count(known => known.StartsWith($"{api.Host} ", StringComparison.Ordinal)) + 1).ToString(CultureInfo.InvariantCulture);
        return number;
    }

    private string IdOf(Uri api, string number) =>
        _numbers.FirstOrDefault(known => known.Value == number && known.Key.StartsWith($"{api.Host} ", StringComparison.Ordinal)).Key?.Split(' ')[1] ?? number;

    private static HttpRequestMessage Post(Uri api, string path, object body) =>
        new(HttpMethod.Post, new Uri(api, path)) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
}
