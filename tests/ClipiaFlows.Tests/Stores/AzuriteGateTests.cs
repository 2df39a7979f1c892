using System.Net;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Stores;

public sealed class AzuriteGateTests
{
    private static readonly Uri Azurite = new("http://127.0.0.1:10002/devstoreaccount1/Jobs");
    private static readonly Uri Azure = new("https://example.table.core.windows.net/Jobs");

    [Fact]
    public async Task Send_AboveTheLimit_WaitsUntilARequestEnds()
    {
        var storage = new SlowStorage();
        using var http = Through(storage, Timeout.InfiniteTimeSpan);

        var sent = Enumerable.Range(0, AzuriteGate.MaxConcurrentRequests + 2).Select(_ => http.GetAsync(Azurite)).ToList();
        Assert.Equal(AzuriteGate.MaxConcurrentRequests, storage.Held);

        storage.AnswerOne();
        await Task.WhenAny(sent);
        await storage.HasReceivedAsync(AzuriteGate.MaxConcurrentRequests + 1);
        Assert.Equal(AzuriteGate.MaxConcurrentRequests, storage.Held);
    }

    [Fact]
    public async Task Send_InForeground_OvertakesBackgroundRequests()
    {
        var storage = new SlowStorage();
        using var http = Through(storage, Timeout.InfiniteTimeSpan);
        for (var n = 0; n < AzuriteGate.MaxConcurrentRequests + 5; n++)
            _ = http.GetAsync(Azurite);

        var waits = Foreground.RunAsync(() => http.GetAsync(Azurite));

        Assert.Equal(AzuriteGate.MaxConcurrentRequests + 1, storage.Held);
        storage.AnswerLast();
        Assert.Equal(HttpStatusCode.OK, (await waits).StatusCode);
        Assert.False(Foreground.IsCurrent);
    }

    [Fact]
    public void Send_ToAzure_IsNotLimited()
    {
        var storage = new SlowStorage();
        using var http = Through(storage, Timeout.InfiniteTimeSpan);

        for (var n = 0; n < AzuriteGate.MaxConcurrentRequests * 3; n++)
            _ = http.GetAsync(Azure);

        Assert.Equal(AzuriteGate.MaxConcurrentRequests * 3, storage.Held);
    }

    [Fact]
    public async Task Send_HeldBackTooLong_IsSentRegardless()
    {
        var storage = new SlowStorage();
        using var http = Through(storage, TimeSpan.FromMilliseconds(1));

        for (var n = 0; n < AzuriteGate.MaxConcurrentRequests + 1; n++)
            _ = http.GetAsync(Azurite);

        await storage.HasReceivedAsync(AzuriteGate.MaxConcurrentRequests + 1);
        Assert.Equal(AzuriteGate.MaxConcurrentRequests + 1, storage.Held);
    }

    [Fact]
    public async Task Send_Failed_FreesItsSlot()
    {
        var storage = new SlowStorage();
        using var http = Through(storage, Timeout.InfiniteTimeSpan);

        for (var n = 0; n < AzuriteGate.MaxConcurrentRequests * 2; n++)
        {
            var failing = http.GetAsync(Azurite);
            storage.FailLast();
            await Assert.ThrowsAsync<HttpRequestException>(() => failing);
        }
    }

    private static HttpClient Through(HttpMessageHandler storage, TimeSpan maxWait) => new(new AzuriteGate(storage, maxWait));

    /// <summary>Answers when it is told to.</summary>
    private sealed class SlowStorage : HttpMessageHandler
    {
        private readonly List<TaskCompletionSource<HttpResponseMessage>> _held = [];
        private readonly SemaphoreSlim _received = new(0);
        private int _awaited;

        public int Held => _held.Count;

        public void AnswerOne() => Take(0).SetResult(new(HttpStatusCode.OK));

        public void AnswerLast() => Take(_held.Count - 1).SetResult(new(HttpStatusCode.OK));

        public void FailLast() => Take(_held.Count - 1).SetException(new HttpRequestException("The connection broke."));

        public async Task HasReceivedAsync(int requests)
        {
            for (; _awaited < requests; _awaited++)
                await _received.WaitAsync();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new TaskCompletionSource<HttpResponseMessage>();
            _held.Add(answer);
            _received.Release();
            return answer.Task;
        }

        private TaskCompletionSource<HttpResponseMessage> Take(int index)
        {
            var answer = _held[index];
            _held.RemoveAt(index);
            return answer;
        }
    }
}
