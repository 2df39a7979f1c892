using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// Reads code and message of the service's errors. In a transaction the message begins with the place of the action
/// that failed ("3:The specified entity already exists."), which goes into the exception's data.
/// </summary>
internal sealed class ErrorParser : RequestFailedDetailsParser
{
    public static readonly ErrorParser Shared = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        error = null;
        data = null;
        if (response.ContentStream is not { CanSeek: true } content)
            return false;

        try
        {
            content.Position = 0;
            using var document = JsonDocument.Parse(content);
            var odata = document.RootElement.GetProperty("odata.error");
            var message = odata.GetProperty("message").GetProperty("value").GetString();
            error = new ResponseError(odata.GetProperty("code").GetString(), message);
            data = FailedIndex(message);
            return true;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> FailedIndex(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new() { [TableTransactionFailedException.FailedIndex] = index.ToString(CultureInfo.InvariantCulture) }
            : null;
    }
}
