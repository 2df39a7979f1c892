using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>Runs an HTTP function for a request and writes what it returned.</summary>
internal sealed partial class HttpInvocation(FunctionInvoker invoker, RequestGate gate, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Host.Results");

    public async Task RunAsync(HttpContext http, HttpFunction function)
    {
        try
        {
            await gate.Opened.WaitAsync(http.RequestAborted);
            await using var context = new LocalFunctionContext(
                function.Function, new(http, http.Request.RouteValues, http.RequestServices, http.RequestAborted), invoker);
            context.Items[FunctionContextExtensions.HttpContextKey] = http;
            var result = await invoker.InvokeAsync(context);
            if (!http.RequestAborted.IsCancellationRequested)
                await WriteAsync(http, result);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            LogAborted(function.Function.Name);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            // The request breaks HTTP or a limit, such as the size of its body: not the function's fault.
            LogBadRequest(function.Function.Name, bad.Message);
            http.Response.StatusCode = bad.StatusCode;
        }
        catch (Exception failure)
        {
            LogFailure(function.Function.Name, failure);
            if (http.Response.HasStarted)
                http.Abort();
            else
                Fail(http.Response);
        }
    }

    private static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new(http, http.GetRouteData(), new ActionDescriptor())),
        IResult minimal => minimal.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };

    private static void Fail(HttpResponse response)
    {
        response.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    [LoggerMessage(LogLevel.Error, "Executed 'Functions.{Function}' (Failed)")]
    private partial void LogFailure(string function, Exception failure);

    [LoggerMessage(LogLevel.Debug, "Executed 'Functions.{Function}': the caller went away")]
    private partial void LogAborted(string function);

    [LoggerMessage(LogLevel.Information, "Executed 'Functions.{Function}': refused: {Reason}")]
    private partial void LogBadRequest(string function, string reason);
}
