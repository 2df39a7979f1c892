using System.Text.Json;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class RequestsTests
{
    [Theory]
    [InlineData("""{"request_id":"r1","status":"IN_QUEUE","queue_position":3,"logs":[]}""", "IN_QUEUE", 3, null)]
    [InlineData("""{"request_id":"r1","status":"IN_PROGRESS","queue_position":null,"progress":45}""", "IN_PROGRESS", null, 45)]
    [InlineData("""{"request_id":"r1","status":"IN_PROGRESS","progress":45.7}""", "IN_PROGRESS", null, 45)]
    [InlineData("""{"request_id":"r1","status":"IN_PROGRESS","progress":140}""", "IN_PROGRESS", null, 100)]
    [InlineData("""{"request_id":"r1","status":"COMPLETED","progress":100}""", "COMPLETED", null, 100)]
    [InlineData("""{"request_id":"r1","status":"ON_HOLD"}""", "ON_HOLD", null, null)]
    [InlineData("""{"status":"IN_QUEUE","queue_position":"2","progress":"x","logs":null}""", "IN_QUEUE", 2, null)]
    [InlineData("""{"queue_position":99999999999,"progress":{}}""", "", null, null)]
    public async Task GetStatusAsync_AnyShape_IsRead(string json, string status, int? position, int? progress)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(json));

        var state = await Some.Client(api).Requests.GetStatusAsync(new("r1"));

        Assert.Equal("r1", state.RequestId.Value);
        Assert.Equal(status, state.Status.Value);
        Assert.Equal(position, state.QueuePosition);
        Assert.Equal(progress, state.Progress);
        var request = Assert.Single(api.Requests);
        Assert.Equal(("GET", "/v1/requests/r1/status"), (request.Method, request.Target));
        Assert.False(request.Headers.ContainsKey("Idempotency-Key"));
        Assert.False(request.Headers.ContainsKey("Content-Type"));
    }

    [Fact]
    public async Task GetResultAsync_Images_ReadsEveryField()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """
            {"request_id":"r1","status":"COMPLETED","model":"nano-banana-2",
             "output":{"images":[
               {"url":"http://127.0.0.1:5080/media/r1-0.webp","original_url":"http://127.0.0.1:5080/media/r1-0.png","width":1024,"height":1024},
               {"url":"http://127.0.0.1:5080/media/r1-1.webp"}]},
             "cost":4,"created_at":"2026-06-01T09:00:00Z","completed_at":"2026-06-01T09:00:12Z"}
            """));

        var result = await Some.Client(api).Requests.GetResultAsync(new("r1"));

        Assert.False(result.Pending);
        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.Equal("nano-banana-2", result.Model);
        Assert.Equal(4m, result.Cost);
        Assert.Equal(new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero), result.CreatedAt);
        Assert.Equal(TimeSpan.FromSeconds(12), result.CompletedAt - result.CreatedAt);
        Assert.Equal(["r1-0.png", "r1-1.webp"], result.Files.Select(file => file.BestUrl.Segments[^1]));
        Assert.All(result.Files, file => Assert.Equal(MediaKind.Image, file.Kind));
        Assert.Null(result.Error);
    }

    [Fact]
    public async Task GetResultAsync_Video_ReadsEveryField()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """
            {"request_id":"r2","status":"COMPLETED","model":"seedance-2-fast-t2v",
             "output":{"video":{"url":"http://127.0.0.1:5080/media/r2.mp4","width":1280,"height":720,"duration":5.5}},"cost":47}
            """));

        var result = await Some.Client(api).Requests.GetResultAsync(new("r2"));

        Assert.Equal(
            new MediaFile(MediaKind.Video, new("http://127.0.0.1:5080/media/r2.mp4"), null, 1280, 720, 5.5),
            Assert.Single(result.Files));
    }

    [Theory]
    [InlineData("""{"audio":{"url":"https://media.clipia.ai/a.mp3","duration":3}}""", MediaKind.Other, 1)]
    [InlineData("""{"slides":[{"url":"https://a/1"},{"url":"https://a/2"}]}""", MediaKind.Other, 2)]
    [InlineData("""{"images":["https://a/1.png",null,7,"not a link"]}""", MediaKind.Image, 1)]
    [InlineData("""{"images":[{"original_url":"https://a/1.png"},{"url":""},{"url":"file:///etc/passwd"},{}]}""", MediaKind.Image, 1)]
    [InlineData("""{"videos":[{"url":"https://a/1.mp4","width":"wide","duration":"long"}]}""", MediaKind.Video, 1)]
    [InlineData("""{"images":null,"video":null}""", MediaKind.Other, 0)]
    [InlineData("""[]""", MediaKind.Other, 0)]
    [InlineData("""null""", MediaKind.Other, 0)]
    public async Task GetResultAsync_OutputInAnotherShape_GivesTheFilesItCan(string output, MediaKind kind, int count)
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json($$"""{"request_id":"r1","status":"COMPLETED","output":{{output}}}"""));

        var result = await Some.Client(api).Requests.GetResultAsync(new("r1"));

        Assert.Equal(count, result.Files.Count);
        Assert.All(result.Files, file => Assert.Equal(kind, file.Kind));
    }

    [Theory]
    [InlineData("""{"images":[{"url":"https://a/1.png"},{"url":"https:///2"},null,{}]}""", "images[0]", "images[1]!", "images[2]!", "images[3]!")]
    [InlineData("""{"image":"nonsense","video":{"url":"","original_url":"https://a/1.mp4"}}""", "image!", "video")]
    [InlineData("""{"images":[],"video":null,"videos":{},"seed":7,"note":"of the house","timings":{"render":2}}""")]
    [InlineData("""{"audio":{"url":"ftp://a/1.mp3"},"slides":[{"original_url":7},{"page":2},"https://a/3.png"]}""", "audio!", "slides[0]!", "slides[2]")]
    [InlineData("""[]""")]
    public void Places_AnyShape_NamesEveryFileAndMarksThoseWithoutAnAddress(string output, params string[] places) =>
        Assert.Equal(places, MediaFiles.Places(JsonElement.Parse(output)).Select(place => place.File is null ? place.Place + "!" : place.Place));

    [Fact]
    public async Task GetResultAsync_Failed_IsAResultWithItsError()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """{"request_id":"r3","status":"FAILED","model":"kling-3","error":{"code":"GENERATION_FAILED","message":"No luck."}}"""));

        var result = await Some.Client(api).Requests.GetResultAsync(new("r3"));

        Assert.False(result.Pending);
        Assert.Equal(new GenerationError("GENERATION_FAILED", "No luck."), result.Error);
        Assert.Empty(result.Files);
        Assert.Null(result.Cost);
    }

    [Theory]
    [InlineData(202, """{"request_id":"r4","status":"IN_PROGRESS"}""", true)]
    [InlineData(202, """{"request_id":"r4","status":"COMPLETED"}""", true)]
    [InlineData(202, """{}""", true)]
    [InlineData(200, """{"request_id":"r4","status":"IN_QUEUE"}""", true)]
    [InlineData(200, """{"request_id":"r4","status":"SOMETHING_NEW"}""", true)]
    [InlineData(200, """{"request_id":"r4","status":"CANCELED"}""", false)]
    [InlineData(200, """{"request_id":"r4","status":"COMPLETED"}""", false)]
    public async Task GetResultAsync_ByStatus_IsPendingOrNot(int http, string json, bool pending)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(json, http));

        var result = await Some.Client(api).Requests.GetResultAsync(new("r4"));

        Assert.Equal(pending, result.Pending);
        Assert.Equal("r4", result.RequestId.Value);
    }

    [Fact]
    public async Task GetStatusAsync_OddId_StaysOneSegment()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("{}"));

        await Some.Client(api).Requests.GetStatusAsync(new("../a b"));

        Assert.Equal("/v1/requests/..%2Fa%20b/status", Assert.Single(api.Requests).Target);
    }

    [Fact]
    public async Task GetStatusAsync_DefaultId_IsRefusedUnsent()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("{}"));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Some.Client(api).Requests.GetStatusAsync(default));

        Assert.Empty(api.Requests);
    }
}
