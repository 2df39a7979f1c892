using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class HttpFunctionTests
{
    [Fact]
    public async Task Route_ParametersByName_ArriveConverted()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));
        var id = Guid.NewGuid();

        var answer = await app.Http.GetStringAsync($"api/things/{id}/parts/7/blue");

        Assert.Equal($"{id} 7 blue", answer);
    }

    [Fact]
    public async Task Route_OptionalParameterLeftOut_TakesTheDefault()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));

        Assert.Equal(" 3 none", await app.Http.GetStringAsync("api/optional"));
        Assert.Equal("x 3 none", await app.Http.GetStringAsync("api/optional/x"));
        Assert.Equal("x 5 none", await app.Http.GetStringAsync("api/optional/x/5"));
    }

    [Theory]
    [InlineData("api/files", "")]
    [InlineData("api/files/a/b%20c.png", "a/b c.png")]
    public async Task Route_CatchAll_TakesTheRestOfThePath(string path, string expected)
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));

        Assert.Equal(expected, await app.Http.GetStringAsync(path));
    }

    [Theory]
    [InlineData("api/things/no-guid/parts/7/blue")]
    [InlineData("api/nothing")]
    [InlineData("plain")]
    [InlineData("")]
    public async Task Route_PathOfNoFunction_AnswersNotFound(string path)
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));

        using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Route_MethodNotListed_AnswersNotFoundAsTheGenuineHost()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));

        using var answer = await app.Http.DeleteAsync(new Uri("api/files", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Route_NoneGiven_IsTheNameOfTheFunctionForEveryMethod()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var answer = await app.Http.SendAsync(new(method, "api/PLAIN"));
            Assert.Equal(method.Method, await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("", "plain")]
    [InlineData("v1/internal/", "v1/internal/plain")]
    public async Task Route_PrefixOfHostJson_StandsBeforeIt(string prefix, string path)
    {
        await using var app = await new LocalApp
        {
            HostJson = $$"""{ "version": "2.0", "extensions": { "http": { "routePrefix": "{{prefix}}" } } }""",
        }.StartAsync(typeof(Routes));

        Assert.Equal("GET", await app.Http.GetStringAsync(path));
    }

    [Fact]
    public async Task Body_Json_ArrivesAsTheParameter()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Bodies));

        using var answer = await app.Http.PostAsJsonAsync("api/echo", new { name = "Ada", size = 3 });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"name":"Ada","size":4}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("/api/echo/Ada", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Body_NotJson_FailsTheInvocationWithAnEmptyAnswer()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Bodies));

        using var answer = await app.Http.PostAsync("api/echo", new StringContent("{oops", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Body_OverOneHundredMegabytes_AnswersTooLarge()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Bodies));
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/length");
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentLength = 101L * 1024 * 1024;
        request.Headers.ExpectContinue = true;

        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("api/minimal", HttpStatusCode.Accepted, """{"fine":true}""")]
    [InlineData("api/action", HttpStatusCode.Conflict, """{"code":"taken"}""")]
    [InlineData("api/direct", HttpStatusCode.Accepted, "written directly")]
    public async Task Result_OfEveryKind_IsWritten(string path, HttpStatusCode status, string body)
    {
        await using var app = await new LocalApp().StartAsync(typeof(Results));

        using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((status, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Result_Stream_IsSentWithItsType()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Results));

        using var answer = await app.Http.GetAsync(new Uri("api/stream", UriKind.Relative));

        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([1, 2, 3], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Invocation_Throws_AnswersAnEmpty500AndLogsTheFailure()
    {
        using var log = new LogRecorder();
        await using var app = await new LocalApp { Log = log }.StartAsync(typeof(Results));

        using var answer = await app.Http.GetAsync(new Uri("api/broken", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Contains(log.Entries, entry => entry.Message.Contains("Functions.broken") && entry.Exception is TimeoutException);
    }

    [Fact]
    public async Task Invocation_CallerGoesAway_CancelsTheToken()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Results));
        using var caller = new CancellationTokenSource();
        var request = app.Http.GetAsync(new Uri("api/slow", UriKind.Relative), caller.Token);
        await Results.SlowStarted.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Results.SlowCancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("POST", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("POST", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("POST", "same-origin", HttpStatusCode.OK)]
    [InlineData("POST", null, HttpStatusCode.OK)]
    [InlineData("GET", "cross-site", HttpStatusCode.OK)]
    public async Task Request_FromAPageOfAnotherSite_MayOnlyRead(string method, string? site, HttpStatusCode expected)
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));
        using var request = new HttpRequestMessage(new(method), "api/files");
        request.Headers.Add("Sec-Fetch-Site", site is null ? [] : [site]);

        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "null", 403)]
    [InlineData("POST", "http://127.0.0.1:1", 403)]
    [InlineData("POST", "https://evil.example", 403)]
    [InlineData("OPTIONS", "https://evil.example", 403)]
    [InlineData("GET", "https://evil.example", 200)]
    [InlineData("POST", "own", 200)]
    public async Task Request_WithAnOrigin_ChangesOnlyFromTheAppsOwn(string method, string origin, int expected)
    {
        await using var app = await new LocalApp().StartAsync(typeof(Routes));
        using var request = new HttpRequestMessage(new(method), "api/files");
        request.Headers.Add("Origin", origin == "own" ? app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);

        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Start_AllowedHostsCannotBeRead_NamesTheSettingAndTheEntry()
    {
        await using var app = await new LocalApp { Arguments = ["--LocalRuntime:AllowedHosts=flows.example"] }.StartAsync(typeof(Routes));

        Assert.Equal(1, app.ExitCode);
        Assert.Contains("LocalRuntime:AllowedHosts", app.Error, StringComparison.Ordinal);
        Assert.Contains("'flows.example'", app.Error, StringComparison.Ordinal);
    }

    public static class Routes
    {
        [Function("thing")]
        public static IResult Thing(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "things/{id:guid}/parts/{number:int:min(1)}/{colour}")] HttpRequest request,
            string colour, Guid id, int number) => Text($"{id} {number} {colour}");

        [Function("optional")]
        public static IResult Optional(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{word?}/{number?}/{other?}")] HttpRequest request,
            string? word, string? other, int number = 3) => Text($"{word} {number} {other ?? "none"}");

        [Function("files")]
        public static Task<IResult> Files(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "files/{*path}")] HttpRequest request, string? path) =>
            Task.FromResult(Text(path ?? ""));

        [Function("plain")]
        public static IResult Plain([HttpTrigger] HttpRequest request) => Text(request.Method);

        private static IResult Text(string text) => Microsoft.AspNetCore.Http.Results.Text(text);
    }

    public static class Bodies
    {
        public sealed record Thing(string Name, int Size);

        [Function("echo")]
        public static IActionResult Echo(
            [HttpTrigger("post")] HttpRequest request, [FromBody] Thing thing) =>
            new CreatedResult($"/api/echo/{thing.Name}", thing with { Size = thing.Size + 1 });

        [Function("length")]
        public static async Task<IResult> Length([HttpTrigger("post")] HttpRequest request, CancellationToken cancellation)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            return Microsoft.AspNetCore.Http.Results.Ok(body.Length);
        }
    }

    public static class Results
    {
        public static TaskCompletionSource SlowStarted { get; } = new();

        public static TaskCompletionSource SlowCancelled { get; } = new();

        [Function("minimal")]
        public static async ValueTask<IResult> Minimal([HttpTrigger("get")] HttpRequest request)
        {
            await Task.Yield();
            return Microsoft.AspNetCore.Http.Results.Json(new { Fine = true }, statusCode: 202);
        }

        [Function("action")]
        public static Task<ConflictObjectResult> Action([HttpTrigger("get")] HttpRequest request) =>
            Task.FromResult(new ConflictObjectResult(new { Code = "taken" }));

        [Function("direct")]
        public static Task Direct([HttpTrigger("get")] HttpRequest request)
        {
            request.HttpContext.Response.StatusCode = 202;
            return request.HttpContext.Response.WriteAsync("written directly");
        }

        [Function("stream")]
        public static IActionResult Stream([HttpTrigger("get")] HttpRequest request) =>
            new FileStreamResult(new MemoryStream([1, 2, 3]), "image/png");

        [Function("broken")]
        public static IResult Broken([HttpTrigger("get")] HttpRequest request) => throw new TimeoutException("secret detail");

        [Function("slow")]
        public static async Task<IResult> Slow([HttpTrigger("get")] HttpRequest request, CancellationToken cancellation)
        {
            using var registration = cancellation.Register(SlowCancelled.SetResult);
            SlowStarted.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return Microsoft.AspNetCore.Http.Results.Ok();
        }
    }
}
