using System.IO.Compression;
using System.Net;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class OddAnswerTests
{
    public static TheoryData<string> NotAnObject() =>
        ["", "null", "[]", "\"text\"", "<html></html>", """{"request_id":"r1","sta""", """{"request_id":"r1"} x""", "{\"a\":1,}"];

    [Theory, MemberData(nameof(NotAnObject))]
    public async Task Submit_SuccessThatIsNoJsonObject_IsInvalidAndOfUnknownOutcome(string body)
    {
        await using var api = await FakeApi.StartAsync(Answers.Text(body, "text/html"));

        var failure = await FailToSubmit(api, attempts: 2);

        Assert.Equal(ClipiaErrorCodes.InvalidAnswer, failure.Code);
        Assert.Equal(HttpStatusCode.OK, failure.Status);
        Assert.True(failure.IsOutcomeUnknown);
        Assert.Equal(2, api.Requests.Count);
        Assert.Equal(api.Requests[0].Headers["Idempotency-Key"], failure.IdempotencyKey);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"request_id":null,"status":"IN_QUEUE"}""")]
    [InlineData("""{"request_id":"","status":"IN_QUEUE"}""")]
    [InlineData("""{"requestId":"r1","status":"IN_QUEUE"}""")]
    public async Task Submit_SuccessWithoutRequestId_IsTriedAgainUnderTheSameKey(string body)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(body), Answers.Json(Some.SubmitAnswer));

        var submission = await Some.Client(api).Queue.SubmitAsync("m", Some.Input);

        Assert.Equal("r1", submission.RequestId.Value);
        Assert.Single(api.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Submit_NeverARequestId_FailsWithTheKeyThatFindsTheGeneration()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("{}"));

        var failure = await FailToSubmit(api, attempts: 1);

        Assert.Equal(ClipiaErrorCodes.InvalidAnswer, failure.Code);
        Assert.True(failure.IsOutcomeUnknown);
        Assert.Equal(api.Requests[0].Headers["Idempotency-Key"], failure.IdempotencyKey);
    }

    [Fact]
    public async Task Submit_AnswerBreaksOff_IsTriedAgain()
    {
        await using var api = await FakeApi.StartAsync(Answers.BreakOff, Answers.Json(Some.SubmitAnswer));

        Assert.Equal("r1", (await Some.Client(api).Queue.SubmitAsync("m", Some.Input)).RequestId.Value);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(203)]
    public async Task Submit_AnySuccess_IsAccepted(int status)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer, status));

        Assert.Equal(4m, (await Some.Client(api).Queue.SubmitAsync("m", Some.Input)).Cost);
    }

    [Fact]
    public async Task Submit_OptionalFieldsMissingNullOrOdd_AreNull()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """{"request_id":7,"status":"WARMING_UP","queue_position":null,"status_url":"/relative","response_url":3,"cost":"4.25","new_field":{"a":1}}"""));

        var submission = await Some.Client(api).Queue.SubmitAsync("m", Some.Input);

        Assert.Equal("7", submission.RequestId.Value);
        Assert.Equal("WARMING_UP", submission.Status.Value);
        Assert.False(submission.Status.IsTerminal);
        Assert.Null(submission.QueuePosition);
        Assert.Null(submission.StatusUrl);
        Assert.Null(submission.ResponseUrl);
        Assert.Equal(4.25m, submission.Cost);
        Assert.Equal(1, submission.Raw.GetProperty("new_field").GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task Call_ByteOrderMarkBeforeTheJson_IsSkipped()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("\uFEFF" + Some.AccountAnswer));

        Assert.Equal("acc1", (await Some.Client(api).Account.GetAsync()).AccountId);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Call_Redirect_IsNotFollowedAndNotTriedAgain(int status)
    {
        await using var elsewhere = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        await using var api = await FakeApi.StartAsync(
            Answers.Text("", "text/html", status, ("Location", new Uri(elsewhere.Url, "/v1/account").AbsoluteUri)));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.UnexpectedRedirect, failure.Code);
        Assert.Equal((HttpStatusCode)status, failure.Status);
        Assert.False(failure.IsTransient);
        Assert.Single(api.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Call_HandlerFollowedARedirectByItself_IsRefusedAndTheKeyStayedHome()
    {
        await using var elsewhere = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        await using var api = await FakeApi.StartAsync(
            Answers.Text("", "text/html", 307, ("Location", new Uri(elsewhere.Url, "/v1/account").AbsoluteUri)));
        using var http = new HttpClient();
        var client = new ClipiaClient(http, new() { BaseUrl = api.Url, ApiKey = Some.ApiKey });

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.UnexpectedRedirect, failure.Code);
        Assert.All(elsewhere.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Call_AnswerLongerThanTheBound_IsRefused()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json($$"""{"account_id":"{{new string('x', 9 * 1024 * 1024)}}"}"""));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.AnswerTooLarge, failure.Code);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_SmallAnswerThatUnpacksBeyondTheBound_IsRefused()
    {
        await using var api = await FakeApi.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync("{\"account_id\":\""u8.ToArray());
            for (var i = 0; i < 20; i++)
                await gzip.WriteAsync(new byte[1024 * 1024]);
        });
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });
        var client = new ClipiaClient(http, new() { BaseUrl = api.Url, ApiKey = Some.ApiKey, MaxAttempts = 1 });

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.AnswerTooLarge, failure.Code);
    }

    [Theory]
    [InlineData("""{"error":{"type":"t","code":"c1","message":"m1"}}""", "c1", "m1")]
    [InlineData("""{"error":{"type":"t","code":"c1","message":"m1","param":null,"more":[1]}}""", "c1", "m1")]
    [InlineData("""{"error":{"message":"m1"}}""", "unknown_error", "m1")]
    [InlineData("""{"error":{"code":"c1"}}""", "c1", "no message")]
    [InlineData("""{"error":{"code":null,"message":null}}""", "unknown_error", "no message")]
    [InlineData("""{"error":{"code":17,"message":"m1"}}""", "17", "m1")]
    [InlineData("""{"error":"m1"}""", "unknown_error", "m1")]
    [InlineData("""{"code":"c1","message":"m1"}""", "c1", "m1")]
    [InlineData("""{"error":{"code":"c1","message":"cut \ud83d"}}""", "c1", "cut \ufffd")]
    [InlineData("""{"error":{"code":"c1","message":"two\r\nlines"}}""", "c1", "two  lines")]
    [InlineData("[]", "unknown_error", "no message")]
    [InlineData("", "unknown_error", "no message")]
    [InlineData("<html><h1>Forbidden</h1></html>", "unknown_error", "no message")]
    public async Task Call_ErrorInWhateverForm_HasStatusCodeAndMessage(string body, string code, string message)
    {
        await using var api = await FakeApi.StartAsync(Answers.Text(body, "text/plain", 403));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(HttpStatusCode.Forbidden, failure.Status);
        Assert.Equal(code, failure.Code);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ErrorWithUnknownFields_KeepsThem()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json("""{"error":{"code":"c","message":"m","details":[{"field":"seed"}]}}""", 422));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal("seed", failure.Raw!.Value.GetProperty("error").GetProperty("details")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Call_ErrorBodyBreaksOff_KeepsTheStatus()
    {
        await using var api = await FakeApi.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return Answers.BreakOff(context);
        });

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, failure.Status);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_ErrorMessageWithoutEnd_IsCut()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json($$$"""{"error":{"code":"c","message":"{{{new string('m', 20_000)}}}"}}""", 400));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Account.GetAsync());

        Assert.InRange(failure.Message.Length, 500, 600);
    }

    [Theory]
    [InlineData("https://api.example", "/v1/account")]
    [InlineData("https://api.example/mock/", "/mock/v1/account")]
    [InlineData("https://api.example/mock", "/mock/v1/account")]
    [InlineData("https://api.example/a%20b/c", "/a%20b/c/v1/account")]
        public async Task Call_BaseUrlWithPrefix_KeepsIt(string baseUrl, string target)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        var client = Some.Client(api, configure: options => options.BaseUrl = new Uri(api.Url, new Uri(baseUrl).AbsolutePath));

        await client.Account.GetAsync();

        Assert.Equal(target, Assert.Single(api.Requests).Target);
    }

    private static async Task<ClipiaException> FailToSubmit(FakeApi api, int attempts)
    {
        var client = Some.Client(api, configure: options => options.MaxAttempts = attempts);
        return await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("m", Some.Input));
    }
}
