using System.IO.Pipes;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Stop_InvocationRuns_WaitsForItAndTakesNoMore()
    {
        var work = new Work();
        await using var app = await App(work).StartAsync(typeof(Working));
        var running = app.Http.GetAsync(new Uri("api/working", UriKind.Relative));
        await work.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var stopping = app.StopAsync();
        using var late = new HttpClient { BaseAddress = app.Http.BaseAddress };
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            // The port closes a moment after the stop began.
            for (var i = 0; i < 500; i++)
                using (await late.GetAsync(new Uri("nothing", UriKind.Relative)))
                    await Task.Delay(10);
        });
        Assert.False(stopping.IsCompleted);
        work.MayEnd.SetResult();

        using var answer = await running;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stop_InvocationOutlastsTheLimit_EndsAndSaysSo()
    {
        var work = new Work();
        await using var app = await App(work, "--LocalRuntime:ShutdownSeconds=1").StartAsync(typeof(Working));
        var running = app.Http.GetAsync(new Uri("api/working", UriKind.Relative));
        await work.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, app.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => running);
        work.MayEnd.SetResult();
    }

    [Fact]
    public async Task ExitWhenInputCloses_InputCloses_StopsTheApp()
    {
        await using var parent = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var child = new AnonymousPipeClientStream(PipeDirection.In, parent.ClientSafePipeHandle);
        await using var app = await new LocalApp { Input = child, Arguments = ["--LocalRuntime:ExitWhenInputCloses=true"] }
            .StartAsync(typeof(SettingsTests.Empty));
        var stopping = new TaskCompletionSource();
        using var registration = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await parent.WriteAsync(new byte[1000]);
        Assert.False(stopping.Task.IsCompleted);

        parent.Close();

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static LocalApp App(Work work, params string[] arguments) => new()
    {
        Arguments = arguments,
        Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddSingleton(work),
    };

    public sealed class Work
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Working(Work work)
    {
        [Function("working")]
        public async Task<IResult> Run([HttpTrigger("get")] HttpRequest request)
        {
            work.Started.SetResult();
            await work.MayEnd.Task;
            return Results.Ok();
        }
    }
}
