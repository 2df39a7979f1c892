using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class StartupTests
{
    [Fact]
    public async Task Start_Functions_AreListedAsCoreToolsDoes()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Good));

        Assert.Equal(
            $"Functions:\n  any: {app.Http.BaseAddress}api/any\n  hello: [GET,POST] {app.Http.BaseAddress}api/hello/{{name?}}\n  tick: timerTrigger\n",
            app.Output.ReplaceLineEndings("\n"));
        Assert.Equal("127.0.0.1", app.Http.BaseAddress!.Host);
    }

    [Fact]
    public async Task Start_SeveralMistakes_AreAllToldAtOnce()
    {
        await using var app = await new LocalApp { Arguments = ["--Clock:Scale=11", "--LocalRuntime:ExitWhenInputCloses=perhaps"] }
            .StartAsync(typeof(Bad), typeof(Twice));

        AssertRefused(
            app,
            "Function 'stranger' (Bad.Stranger): nothing can be bound to its parameter 'size' of type Int32.",
            "Function 'result' (Bad.Result): an HTTP function returns an IActionResult or an IResult, not String.",
            "Function 'none' (Bad.None): it needs one parameter with a trigger attribute, found 0.",
            "Function 'hidden' (Bad.Hidden): it and its class must be public.",
            "Function '1st' (Bad.First): its name must begin with a letter and go on with at most 127 letters, digits, '-' or '_', and must not be 'host'.",
            "Function 'wrong' (Bad.Wrong): its trigger parameter 'text' cannot be a String.",
            "Function 'fire' (Bad.Fire): an async function must return a task.",
            "Function 'route': its route 'a/{b' is not valid",
            "Function 'cron': its schedule '61 * * * * *' is neither an NCRONTAB expression nor a time span",
            "Function 'setting': its schedule names the setting 'Missing', which has no value.",
            "The function name 'again' is used 2 times: ",
            "Functions 'left' and 'right' both answer POST api/same.",
            "Clock:Scale must be a number from 1 to 10, found '11'.",
            "LocalRuntime:ExitWhenInputCloses must be true or false, found 'perhaps'.");
    }

    [Fact]
    public async Task Start_ServiceOfAFunctionClassMissing_IsNamed()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Needy));

        AssertRefused(app, "The class Needy needs the service HttpMessageInvoker, which is not registered.");
    }

    [Fact]
    public async Task Start_OptionsNotValid_PrintsASentenceForEachFailure()
    {
        await using var app = await new LocalApp
        {
            Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddOptions<List<string>>()
                .Validate(_ => false, "Clipia:ApiKey is required.").Validate(_ => false, "Clipia:BaseUrl must be https.").ValidateOnStart(),
        }.StartAsync(typeof(Good));

        AssertRefused(app, "Clipia:ApiKey is required.", "Clipia:BaseUrl must be https.");
        Assert.Equal(2, app.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Start_ServiceThatCannotBeBuilt_PrintsASentence()
    {
        await using var app = await new LocalApp
        {
            Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddSingleton<Needy>(),
        }.StartAsync(typeof(Good));

        AssertRefused(app);
        Assert.Contains("Unable to resolve service for type 'System.Net.Http.HttpMessageInvoker'", app.Error);
    }

    [Fact]
    public async Task Start_HostedServiceThrows_PrintsItsMessageAndStops()
    {
        using var log = new LogRecorder();
        await using var app = await new LocalApp
        {
            Log = log,
            Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddHostedService<Failing>(),
        }.StartAsync(typeof(Good));

        AssertRefused(app, "The storage account cannot be reached. Connection refused.");
        Assert.True(app.Lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.DoesNotContain(log.Entries, entry => entry.Exception is not null);
    }

    [Fact]
    public async Task Start_PortInUse_NamesPortAndSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var log = new LogRecorder();

        await using var app = await new LocalApp { Log = log, Arguments = ["--port", $"{port}"] }.StartAsync(typeof(Good));

        AssertRefused(app, $"Port {port} on 127.0.0.1 is in use by another process; stop it or choose another port with --port or the setting LocalRuntime:Port.");
        Assert.DoesNotContain(log.Entries, entry => entry.Exception is not null);
    }

    [Fact]
    public async Task Start_OnAzure_IsRefused()
    {
        await using var app = await new LocalApp { Arguments = ["--WEBSITE_SITE_NAME=flows"] }.StartAsync(typeof(Good));

        AssertRefused(app, "The local runtime does not run on Azure (WEBSITE_SITE_NAME is set)");
    }

    [Fact]
    public async Task Start_WithoutWebApplication_IsRefusedWhenThereAreHttpFunctions()
    {
        await using var app = await new LocalApp { Configure = _ => { } }.StartAsync(typeof(Good));

        AssertRefused(app, "The app has HTTP functions; its program must call builder.ConfigureFunctionsWebApplication()");
    }

    [Fact]
    public async Task Run_StartFails_Returns()
    {
        await using var app = await new LocalApp { HostJson = "{" }.StartAsync(typeof(Good));

        Assert.True(app.Lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Build_Twice_Throws()
    {
        FunctionsApplicationBuilder? builder = null;
        await using var app = await new LocalApp { Configure = each => builder = each.ConfigureFunctionsWebApplication() }
            .StartAsync(typeof(Good));

        Assert.Throws<InvalidOperationException>(() => builder!.Build());
        Assert.Throws<InvalidOperationException>(() => builder!.Use(next => next));
    }

    [Fact]
    public async Task Disabled_Function_IsNotRun()
    {
        await using var app = await new LocalApp { LocalSettings = """{ "Values": { "AzureWebJobs.hello.Disabled": true } }""" }
            .StartAsync(typeof(Good));

        using var answer = await app.Http.GetAsync(new Uri("api/hello", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("warning: Function 'hello' is disabled.", app.Error);
    }

    private static void AssertRefused(LocalApp app, params string[] sentences)
    {
        Assert.Equal(1, app.ExitCode);
        Assert.All(sentences, sentence => Assert.Contains($"error: {sentence}", app.Error));
        Assert.DoesNotContain("   at ", app.Error);
    }

    public static class Good
    {
        [Function("hello")]
        public static IResult Hello([HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "hello/{name?}")] HttpRequest request) =>
            Results.Ok();

        [Function("any")]
        public static IResult Any([HttpTrigger] HttpRequest request) => Results.Ok();

        [Function("tick")]
        public static void Tick([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
        {
        }
    }

    public static class Bad
    {
        [Function("stranger")]
        public static IResult Stranger([HttpTrigger] HttpRequest request, int size) => Results.Ok(size);

        [Function("result")]
        public static Task<string> Result([HttpTrigger] HttpRequest request) => Task.FromResult("");

        [Function("none")]
        public static void None(CancellationToken cancellation) => cancellation.ThrowIfCancellationRequested();

        [Function("1st")]
        public static void First([TimerTrigger("00:01:00")] TimerInfo timer)
        {
        }

        [Function("wrong")]
        public static void Wrong([TimerTrigger("00:01:00")] string text)
        {
        }

        [Function("fire")]
        public static async void Fire([TimerTrigger("00:01:00")] TimerInfo timer) => await Task.Yield();

        [Function("route")]
        public static IResult Route([HttpTrigger(Route = "a/{b")] HttpRequest request) => Results.Ok();

        [Function("cron")]
        public static void Cron([TimerTrigger("61 * * * * *")] TimerInfo timer)
        {
        }

        [Function("setting")]
        public static void Setting([TimerTrigger("%Missing%")] TimerInfo timer)
        {
        }

        [Function("hidden")]
        internal static void Hidden([TimerTrigger("00:01:00")] TimerInfo timer)
        {
        }
    }

    public static class Twice
    {
        [Function("again")]
        public static void Again([TimerTrigger("00:01:00")] TimerInfo timer)
        {
        }

        [Function("Again")]
        public static void AndAgain([TimerTrigger("00:01:00")] TimerInfo timer)
        {
        }

        [Function("left")]
        public static IResult Left([HttpTrigger("get", "post", Route = "same")] HttpRequest request) => Results.Ok();

        [Function("right")]
        public static IResult Right([HttpTrigger("post", Route = "same")] HttpRequest request) => Results.Ok();
    }

    public sealed class Needy(HttpMessageInvoker http)
    {
        [Function("needy")]
        public IResult Run([HttpTrigger] HttpRequest request) => Results.Ok(http.ToString());
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(
            "The storage account cannot be reached.", new IOException("Connection refused."));

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
