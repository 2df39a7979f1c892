using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>
/// Signs a request with the account's key (SharedKeyLite). Runs once per try, because the service refuses a date that
/// is more than 15 minutes old; that date is the real one, whatever clock the app runs on.
/// </summary>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        var date = DateTimeOffset.UtcNow.ToString("R");
        var resource = $"/{credential.AccountName}{request.Uri.ToUri().AbsolutePath}";

        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue(
            HttpHeader.Names.Authorization,
            $"SharedKeyLite {credential.AccountName}:{credential.Sign($"{date}\n{resource}")}");
    }
}
