namespace Clipia.Tests.Client;

public sealed class SignatureVectorTests
{
    private const string Secret = "whsec_current0123456789", Previous = "whsec_previous0123456789";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly byte[] Body = """{"request_id":"r1","status":"OK"}"""u8.ToArray();

    public static TheoryData<string> Names() => [.. All.Select(vector => vector.Name)];

    private static IReadOnlyList<SignatureVector> All => SignatureVectors.For(Secret, Previous, Body, Now);

    /// <summary>The same vectors go to the running app over HTTP.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Verify_Vector_IsBelievedOnlyWhenItIsGood(string name)
    {
        var vector = All.Single(vector => vector.Name == name);

        // As a server joins the lines of one header.
        var check = WebhookSignature.Verify(
            vector.Headers.Length == 0 ? null : string.Join(',', vector.Headers), Body, [Secret, Previous], Now, WebhookSignature.DefaultTolerance);

        Assert.Equal(vector.IsGood, check is SignatureCheck.Valid);
    }
}
