using Azure;
using Azure.Identity;

namespace ClipiaFlows.Notifications;

/// <summary>Trouble of Azure's clients in a few words, without addresses that may hold secrets.</summary>
internal static class Reasons
{
    public static string Of(Exception trouble) => trouble switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Of(first),
        RequestFailedException { Status: > 0 } answer => $"it answered {answer.Status} {answer.ErrorCode}".TrimEnd(),
        AuthenticationFailedException => "the app's identity was not accepted",
        _ => "it cannot be reached",
    };
}
