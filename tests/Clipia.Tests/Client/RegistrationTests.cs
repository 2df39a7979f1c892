using Clipia.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Clipia.Tests.Client;

public sealed class RegistrationTests
{
    [Fact]
    public async Task AddClipiaClient_FromConfiguration_TalksToTheConfiguredAddress()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        using var services = Services(new()
        {
            ["Clipia:BaseUrl"] = new Uri(api.Url, "/mock/").AbsoluteUri,
            ["Clipia:ApiKey"] = Some.ApiKey,
            ["Clipia:WebhookSecret"] = "whsec_not_for_the_client",
            ["Clipia:AttemptTimeout"] = "00:00:30",
        });

        await services.GetRequiredService<ClipiaClient>().Account.GetAsync();

        var request = Assert.Single(api.Requests);
        Assert.Equal("/mock/v1/account", request.Target);
        Assert.Equal($"Bearer {Some.ApiKey}", request.Headers["Authorization"]);
    }

    [Fact]
    public void AddClipiaClient_AskedTwice_GivesTheSameClient()
    {
        using var services = new ServiceCollection().Also(s => s.AddClipiaClient(o => o.ApiKey = Some.ApiKey)).BuildServiceProvider();

        Assert.Same(services.GetRequiredService<ClipiaClient>(), services.GetRequiredService<ClipiaClient>());
    }

    [Fact]
    public async Task AddClipiaClient_RedirectFromTheServer_IsNotFollowed()
    {
        await using var elsewhere = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        await using var api = await FakeApi.StartAsync(
            Answers.Text("", "text/html", 302, ("Location", new Uri(elsewhere.Url, "/v1/account").AbsoluteUri)));
        using var services = Services(new() { ["Clipia:BaseUrl"] = api.Url.AbsoluteUri, ["Clipia:ApiKey"] = Some.ApiKey });

        await Assert.ThrowsAsync<ClipiaException>(() => services.GetRequiredService<ClipiaClient>().Account.GetAsync());

        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task AddClipiaClient_RegisteredClock_PacesTheRetries()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "100")), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();
        using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .Also(s => s.AddClipiaClient(options => (options.BaseUrl, options.ApiKey) = (api.Url, Some.ApiKey)))
            .BuildServiceProvider();

        await services.GetRequiredService<ClipiaClient>().Account.GetAsync();

        Assert.Equal([TimeSpan.FromSeconds(100)], time.Pauses);
    }

    [Theory]
    [InlineData("Clipia:ApiKey", "")]
    [InlineData("Clipia:BaseUrl", "http://api.clipia.ai")]
    [InlineData("Clipia:BaseUrl", "https://api.clipia.ai/v1")]
    [InlineData("Clipia:MaxAttempts", "0")]
    public async Task AddClipiaClient_OptionsBreakARule_StopTheHostAtItsStart(string name, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Clipia:ApiKey"] = Some.ApiKey, [name] = value });
        builder.Services.AddClipiaClient(builder.Configuration.GetSection("Clipia"));
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(name.Split(':')[1], failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.ApiKey, failure.ToString(), StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection()
            .Also(s => s.AddClipiaClient(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Clipia")))
            .BuildServiceProvider();
}
