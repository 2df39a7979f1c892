using System.Globalization;
using Azure;
using Clipia;
using ClipiaFlows.Delivery;
using ClipiaFlows.Durable;
using ClipiaFlows.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>How endpoints answer: JSON as the product writes it, and accidents as problems.</summary>
internal static partial class Answer
{
    public static IResult Json(object value, int status = 200) => HttpResults.Json(value, ResultJson.Options, statusCode: status);

    /// <summary>Runs an endpoint; trouble with Clipia, storage or the durable state becomes an answer that says so.</summary>
    public static async Task<IResult> Async(HttpRequest request, Func<Task<IResult>> endpoint)
    {
        try
        {
            return await Foreground.RunAsync(endpoint);
        }
        catch (ClipiaException refusal)
        {
            if (refusal.RetryAfter is { } pause)
                request.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return OfClipia(refusal).AsResult();
        }
        catch (StorageRejectedException rejection)
        {
            return Rejected(rejection);
        }
        catch (RequestFailedException failure) when (StorageRejectedException.IsRejection(failure))
        {
            var rejection = StorageRejectedException.Of("what this request reads or writes", null, failure);
            LogRejected(LogOf(request), rejection.Message);
            return Rejected(rejection);
        }
        catch (RequestFailedException)
        {
            return new Problem(503, "storage_unavailable", "Storage does not answer.", "Try again in a moment.").AsResult();
        }
        catch (AggregateException retries) when (retries.InnerExceptions.All(inner => inner is RequestFailedException))
        {
            return new Problem(503, "storage_unavailable", "Storage does not answer.", "Try again in a moment.").AsResult();
        }
        catch (DurableStateException trouble)
        {
            LogTrouble(LogOf(request), trouble);
            return new Problem(
                503, "durable_state_unavailable", "Work cannot be started or told at the moment.",
                "What was accepted is not lost. Send the same request again in a moment.").AsResult();
        }
    }

    /// <summary>Nothing that passes: the same request would be refused again.</summary>
    private static IResult Rejected(StorageRejectedException rejection) => new Problem(
        500, "storage_rejected", "Storage refused a request of the app.",
        $"{rejection.Message} The same request will be refused again: shorten its texts, or report this.").AsResult();

    private static ILogger LogOf(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Answer));

    private static Problem OfClipia(ClipiaException refusal) => refusal.Status switch
    {
        System.Net.HttpStatusCode.Unauthorized => new(
            502, "clipia_key_refused", "Clipia refused the API key.", $"It answered 401 {refusal.Code}. Check Clipia:ApiKey."),
        null => new(503, "clipia_unreachable", "Clipia cannot be reached.", "Check Clipia:BaseUrl and the network, or try again."),
        { } status => new(
            refusal.IsTransient ? 503 : 502, "clipia_refused", "Clipia refused.", refusal.Message),
    };

    [LoggerMessage(2, LogLevel.Error, "{Rejection}")]
    private static partial void LogRejected(ILogger log, string rejection);

    [LoggerMessage(1, LogLevel.Error, "A request was refused.")]
    private static partial void LogTrouble(ILogger log, Exception trouble);
}
