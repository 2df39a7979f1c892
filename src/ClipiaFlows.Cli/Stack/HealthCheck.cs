using System.Net;
using Clipia.Shared;

namespace ClipiaFlows.Cli.Stack;

/// <summary>Waits until a part that was just started answers its health address with 200.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="StackException">It ended, or did not become healthy within 90 seconds; its answer is in the message.</exception>
    public static async Task WaitAsync(ChildProcess part, Uri health, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = EnvironmentProxy.OfProcess }) { Timeout = TimeSpan.FromSeconds(10) };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        var lastAnswer = "nothing";
        try
        {
            while (true)
            {
                part.ThrowIfDead();
                var (isHealthy, answer) = await AskAsync(http, health, deadline.Token);
                if (isHealthy)
                    return;
                lastAnswer = answer;
                await Task.Delay(Pause, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StackException($"The {part.Name} was not healthy after {Deadline.TotalSeconds:0} seconds; {health} answered {lastAnswer}.");
        }
    }

    private static async Task<(bool IsHealthy, string Answer)> AskAsync(HttpClient http, Uri health, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(health, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            return (response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {body}".Trim());
        }
        catch (HttpRequestException)
        {
            return (false, "nothing");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (false, "nothing within ten seconds");
        }
    }
}
