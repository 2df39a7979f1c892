using Clipia.Emulator;

namespace Clipia.Tests.Emulator;

/// <summary>A slip of the person at the controls is told to that person, and never breaks what runs.</summary>
public sealed class ControlTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Theory]
    [InlineData("""{"effect":"slow","factor":1e300}""", "factor")]
    [InlineData("""{"effect":"delay_webhook","seconds":1e300}""", "seconds")]
    [InlineData("""{"effect":"reorder_webhooks","seconds":31622401}""", "seconds")]
    [InlineData("""{"effect":"throttle","retry_after":-5}""", "retry_after")]
    [InlineData("""{"effect":"throttle","route":"submits"}""", "route")]
    [InlineData("""{"effect":"fail","model":"nano-banana"}""", "nano-banana")]
    [InlineData("""{"effect":"fail","frist":1}""", "frist")]
    [InlineData("""{"effect":"redirect_media","location":"a\nb"}""", "location")]
    public async Task Scenario_ThatNothingCanFollow_IsRefusedAndNamed(string rule, string named)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var refused = await emulator.Local.PostAsync("/_local/scenarios", rule);

        Assert.Equal((400, "invalid_request"), (refused.Status, refused.Code));
        Assert.Contains(named, refused.Body.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(0, (await emulator.Local.GetAsync("/_local/scenarios")).Body.GetProperty("scenarios").GetArrayLength());
    }

    [Theory]
    [InlineData("scenarios", """{"effect":5}""", "'effect' must be a string.")]
    [InlineData("scenarios", """{"effect":"slow","factor":"x"}""", "'factor' must be a number.")]
    [InlineData("scenarios", """{"effect":"slow","after":1.5}""", "'after' must be a whole number.")]
    [InlineData("scenarios", """{"effect":"slow","input_seed":"x"}""", "'input_seed' must be a whole number.")]
    [InlineData("scenarios", """{"effect":"slow","frist":1}""", "This call has no field 'frist'.")]
    [InlineData("scenarios", "[1]", "The body must be a JSON object.")]
    [InlineData("scenarios", "{", "The body is not JSON at line 1, column 2.")]
    [InlineData("credits", """{"credits":"5"}""", "'credits' must be a whole number.")]
    [InlineData("keys", """{"name":"a","environment":"live","scopes":[1]}""", "'scopes' must be a list of strings.")]
    [InlineData("keys", """{"name":"a","environment":"live","rpm":true}""", "'rpm' must be a whole number.")]
    public async Task Call_WrongJson_IsToldInWords(string call, string body, string told)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var refused = await emulator.Local.PostAsync($"/_local/{call}", body);

        Assert.Equal(400, refused.Status);
        Assert.StartsWith(told, refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"effect":"slow","factor":10000}""")]
    [InlineData("""{"effect":"delay_webhook","seconds":31622400}""")]
    [InlineData("""{"effect":"throttle","route":"model","model":"gpt-5.5"}""")]
    public async Task Scenario_AtItsLimits_IsFollowed(string rule)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();

        Assert.Equal(201, (await emulator.Local.PostAsync("/_local/scenarios", rule)).Status);
        Assert.Equal(200, (await emulator.Live.SubmitAsync("flux-2-pro", Fox, receiver.Url)).Status);
        emulator.Time.Advance(150_000);

        await EmulatorFixture.EventuallyAsync(async () => (await emulator.Local.GetAsync("/_local/ledger")).Number("charged") == 3);
    }

    [Theory]
    [InlineData("image", double.PositiveInfinity)]
    [InlineData("video", double.NaN)]
    [InlineData("scale", 1e300)]
    [InlineData("rpm", 0)]
    [InlineData("concurrency", -4)]
    public async Task Start_OptionOutOfRange_SaysWhich(string option, double value)
    {
        EmulatorOptions options = option switch
        {
            "image" => new() { ImageSeconds = value },
            "video" => new() { VideoSeconds = value },
            "scale" => new() { WebhookRetryScale = value },
            "rpm" => new() { RequestsPerMinute = (int)value },
            _ => new() { Concurrency = (int)value },
        };

        await Assert.ThrowsAsync<ArgumentException>(() => EmulatorApi.StartAsync(options));
    }
}
