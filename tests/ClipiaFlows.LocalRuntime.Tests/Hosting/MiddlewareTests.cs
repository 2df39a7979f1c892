using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_OfEveryKind_RunsAroundTheInvocationInOrder()
    {
        var steps = new ConcurrentQueue<string>();
        await using var app = await new LocalApp
        {
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton(steps);
                builder.UseMiddleware<Tracing>();
                builder.UseMiddleware(async (context, next) =>
                {
                    steps.Enqueue("inline");
                    await next();
                });
                builder.Use(next => context =>
                {
                    steps.Enqueue("raw");
                    return next(context);
                });
            },
        }.StartAsync(typeof(Plain));

        await app.Http.GetStringAsync("api/plain/seven");

        Assert.Equal(["before plain GET seven", "inline", "raw", "function", "after"], steps);
    }

    [Fact]
    public async Task Middleware_ThatDoesNotGoOn_AnswersItself()
    {
        await using var app = await new LocalApp
        {
            Configure = builder => builder.ConfigureFunctionsWebApplication().UseMiddleware((context, _) =>
            {
                context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }),
        }.StartAsync(typeof(Plain));

        using var answer = await app.Http.GetAsync(new Uri("api/plain/x", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Invocation_Services_AreOfAScopeThatEndsWithIt()
    {
        var scopes = new ConcurrentQueue<string>();
        await using var app = await new LocalApp
        {
            Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddSingleton(scopes).AddScoped<Scoped>(),
        }.StartAsync(typeof(InScope));

        var first = await app.Http.GetStringAsync("api/in-scope");
        var second = await app.Http.GetStringAsync("api/in-scope");

        Assert.NotEqual(first, second);
        Assert.Equal([first, second], scopes);
    }

    public sealed class Tracing(ConcurrentQueue<string> steps) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            var request = context.GetHttpContext()!.Request;
            steps.Enqueue($"before {context.FunctionDefinition.Name} {request.Method} {context.BindingContext.BindingData["word"]}");
            await next(context);
            steps.Enqueue("after");
        }
    }

    public sealed class Plain(IServiceProvider services)
    {
        [Function("plain")]
        public IResult Run([HttpTrigger("get", Route = "plain/{word}")] HttpRequest request, string word)
        {
            services.GetService<ConcurrentQueue<string>>()?.Enqueue("function");
            return Results.Text(word);
        }
    }

    public sealed class Scoped(ConcurrentQueue<string> ended) : IDisposable
    {
        public string Id { get; } = Guid.NewGuid().ToString();

        public void Dispose() => ended.Enqueue(Id);
    }

    public sealed class InScope(Scoped injected)
    {
        [Function("in-scope")]
        public IResult Run([HttpTrigger("get")] HttpRequest request, FunctionContext context)
        {
            Assert.Same(injected, context.InstanceServices.GetRequiredService<Scoped>());
            Assert.Same(injected, request.HttpContext.RequestServices.GetRequiredService<Scoped>());
            return Results.Text(injected.Id);
        }
    }
}
