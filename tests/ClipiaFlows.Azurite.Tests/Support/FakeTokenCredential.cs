using System.Collections.Concurrent;
using System.Text;
using Azure.Core;

namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>Unsigned tokens, which Azurite believes when issuer, audience and times are right.</summary>
internal sealed class FakeTokenCredential : TokenCredential
{
    public ConcurrentQueue<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        foreach (var scope in requestContext.Scopes)
            Scopes.Enqueue(scope);
        var now = DateTimeOffset.UtcNow;
        var (from, to) = (now.AddMinutes(-5).ToUnixTimeSeconds(), now.AddHours(1).ToUnixTimeSeconds());
        var issuer = "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/";
        var claims = $$"""{"aud":"https://storage.azure.com","iss":"{{issuer}}","nbf":{{from}},"iat":{{from}},"exp":{{to}}}""";
        return new AccessToken($"{Part("""{"alg":"none","typ":"JWT"}""")}.{Part(claims)}.{Part("unsigned")}", now.AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));

    private static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
