using System.Text;

namespace Clipia.Tests.Client;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_test_secret";
    private const string Mac = "3179c53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca3643";
    private const string Other = "6308f9d0dc03eb4173d596d23ee69a7d073bec5d9097391eca2a765e04db881a";

    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1717243200);
    private static readonly byte[] Body = "{}"u8.ToArray();

    // Every answer here was computed outside of .NET, the first for instance by
    //   printf '%s' '1717243200.{"request_id":"req-1","status":"OK"}' | openssl dgst -sha256 -hmac whsec_test_secret -r
    public static TheoryData<string, string, byte[], string> KnownAnswers() => new()
    {
        { Secret, "1717243200", """{"request_id":"req-1","status":"OK"}"""u8.ToArray(), Other },
        { Secret, "1717243200", Body, Mac },
        {
            "whsec_local_0123456789abcdef",
            "1717243200",
            """{"request_id":"0b8f6a52-4f0e-4d6e-9f3b-2f6f2f1f7a10","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"сбой"}}"""u8.ToArray(),
            "36e54466add5cf3b28fb04fd6e7f38277cb2f88e7b999941f43e5749981ca982"
        },
        { Secret, "1717243200", [], "892a76f99ad80315dd0cfe83cc824dabd4cc1c4566fc3d6be6c2c6ccab095d4f" },
        { Secret, "1717243200", [0xEF, 0xBB, 0xBF, .. Body], "53d18ab84f52181683a0af2f557e2f67097ae49a12c1fc3b9330f388a7edb1bd" },
        { Secret, "1717243200", [.. "{\"a\":\""u8, 0xFF, 0xFE, .. "\"}"u8], "a9f0dcaa0a901355e5e0a1069d769c24d23c7aa15959c3eb944222826bf5697f" },
        { Secret, "1717243200", "a\0b"u8.ToArray(), "b0a724993f3a2918994c3eb5c7a3d71b77dca8fafef225cf78e5b17ef9f6297e" },
        { Secret, "1717243200", "{}\r\n"u8.ToArray(), "4bf1c8c99825eb6577f8b1122ec9fda8356d4f988b72f9d5a2621ab0a6ab2b02" },
        { "whsec_ключ", "1717243200", Body, "e7d15446887c555ad2834e825e79e747c7be2c2ca8d2ede206f8c27d55e3b254" },
        { new string('k', 200), "1717243200", Body, "57d94b47bf386e1a45646573c9df4e5a63c5b50f16ad9b6b5b9ccad8468b8768" },
        { Secret, "0", Body, "13f6d44b9cf5d88556347e2bf7903d906d9673d3ac60cfd268d829d86ad2df73" },
    };

    [Theory, MemberData(nameof(KnownAnswers))]
    public void Verify_KnownAnswer_IsValid(string secret, string time, byte[] body, string mac) =>
        Assert.Equal(
            SignatureCheck.Valid,
            WebhookSignature.Verify($"t={time},v1={mac}", body, [secret], DateTimeOffset.FromUnixTimeSeconds(long.Parse(time)), TimeSpan.Zero));

    [Theory, MemberData(nameof(KnownAnswers))]
    public void Sign_KnownAnswer_IsTheSameHeader(string secret, string time, byte[] body, string mac) =>
        Assert.Equal(
            $"t={time},v1={mac}",
            WebhookSignature.Sign(body, secret, DateTimeOffset.FromUnixTimeSeconds(long.Parse(time))));

    // Not one of the answers above: a megabyte among a theory's arguments makes every look for tests take half a minute.
    [Fact]
    public void Sign_BodyOfAMegabyte_IsTheKnownHeaderAndVerifies()
    {
        const string Header = "t=1717243200,v1=3d7ef02fa3c34ec5c80165b521518d798976a237d0c85229b050716604354cb1";
        byte[] body = [.. Enumerable.Repeat((byte)'a', 1024 * 1024)];

        Assert.Equal(SignatureCheck.Valid, WebhookSignature.Verify(Header, body, [Secret], SignedAt, TimeSpan.Zero));
        Assert.Equal(Header, WebhookSignature.Sign(body, Secret, SignedAt));
    }

    [Theory]
    [InlineData($"t=1717243200,v1={Mac}")]
    [InlineData($"v1={Mac},t=1717243200")]
    [InlineData($" t = 1717243200 , v1 = {Mac} ")]
    [InlineData($"t=1717243200,v0=abc,v1={Mac},v2=def,kid=k1")]
    [InlineData($"t=1717243200,v1={Mac},")]
    [InlineData($",,t=1717243200,,v1={Mac},,")]
    [InlineData($"t=1717243200,nonsense,v1={Mac}")]
    [InlineData("t=1717243200,v1=3179C53C28EF45182445BDB7DC5668B3B05C7591E1EEC94A788103F368CA3643")]
    [InlineData("t=1717243200,v1=3179C53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca3643")]
    [InlineData($"t=1717243200,v1={Other},v1={Mac}")]
    [InlineData($"t=1717243200,v1=zz,v1={Mac}")]
    public void Verify_HeaderInAnAcceptedForm_IsValid(string header) => Assert.Equal(SignatureCheck.Valid, Check(header));

    [Theory]
    [InlineData($"t=1717243200,v1={Other}")]
    [InlineData($"t=1717243200,v1={Mac},v1={Other}")]
    [InlineData($"t=1717243201,v1={Mac}")]
    [InlineData("t=1717243200,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    public void Verify_SignatureOfSomethingElse_IsMismatch(string header) => Assert.Equal(SignatureCheck.Mismatch, Check(header));

    [Theory]
    [InlineData("nonsense")]
    [InlineData(",")]
    [InlineData("=")]
    [InlineData($"v1={Mac}")]
    [InlineData("t=1717243200")]
    [InlineData("t=1717243200,v1=")]
    [InlineData($"t=,v1={Mac}")]
    [InlineData($"T=1717243200,v1={Mac}")]
    [InlineData($"t=1717243200,V1={Mac}")]
    [InlineData($"t=1717243200;v1={Mac}")]
    [InlineData($"t=1717243200,t=1717243200,v1={Mac}")]
    [InlineData($"t=1717243200,t=1,v1={Mac}")]
    [InlineData($"t=+1717243200,v1={Mac}")]
    [InlineData($"t=-1717243200,v1={Mac}")]
    [InlineData($"t=1717243200.0,v1={Mac}")]
    [InlineData($"t=1.7e9,v1={Mac}")]
    [InlineData($"t=0x665b0f80,v1={Mac}")]
    [InlineData($"t=17172 43200,v1={Mac}")]
    [InlineData($"t=١٧١٧٢٤٣٢٠٠,v1={Mac}")]
    [InlineData($"t=99999999999,v1={Mac}")]
    [InlineData($"t=9223372036854775808,v1={Mac}")]
    [InlineData($"t=999999999999999999999999999999999999,v1={Mac}")]
    [InlineData("t=1717243200,v1=3179c53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca364")]
    [InlineData($"t=1717243200,v1={Mac}00")]
    [InlineData($"t=1717243200,v1={Mac}0")]
    [InlineData("t=1717243200,v1=31")]
    [InlineData("t=1717243200,v1=zz79c53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca3643")]
    [InlineData("t=1717243200,v1=0x79c53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca3643")]
    [InlineData($"t=1717243200,v1=\"{Mac}\"")]
    [InlineData($"t=1717243200,v1={Mac},v1=")]
    [InlineData($"t=1717243200,v1={Mac},v1=zz")]
    public void Verify_HeaderInNoAcceptedForm_IsMalformed(string header) => Assert.Equal(SignatureCheck.Malformed, Check(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Verify_NoHeader_IsMissing(string? header) => Assert.Equal(SignatureCheck.Missing, Check(header));

    [Fact]
    public void Verify_HeaderOfAMegabyte_IsMalformed() =>
        Assert.Equal(SignatureCheck.Malformed, Check($"t=1717243200,v1={Mac}{new string(',', 1024 * 1024)}"));

    [Theory]
    [InlineData(1024, SignatureCheck.Valid)]
    [InlineData(1025, SignatureCheck.Malformed)]
    public void Verify_HeaderOfSomeLength_IsReadUpToAKilobyte(int length, SignatureCheck expected) =>
        Assert.Equal(expected, Check($"t=1717243200,v1={Mac}".PadRight(length, ',')));

    [Fact]
    public void Verify_NoListOfSecrets_IsAFaultOfTheCallerWhateverCame() =>
        Assert.Throws<ArgumentNullException>(() => WebhookSignature.Verify(null, Body, null!, SignedAt, TimeSpan.Zero));

    [Theory]
    [InlineData(0, SignatureCheck.Valid)]
    [InlineData(299, SignatureCheck.Valid)]
    [InlineData(300, SignatureCheck.Valid)]
    [InlineData(301, SignatureCheck.Expired)]
    [InlineData(-300, SignatureCheck.Valid)]
    [InlineData(-301, SignatureCheck.Expired)]
    [InlineData(86_400, SignatureCheck.Expired)]
    [InlineData(300.001, SignatureCheck.Expired)]
    public void Verify_SomeSecondsLater_HoldsToTheToleranceInclusive(double seconds, SignatureCheck expected) =>
        Assert.Equal(
            expected,
            WebhookSignature.Verify(
                $"t=1717243200,v1={Mac}", Body, [Secret], SignedAt.AddSeconds(seconds), WebhookSignature.DefaultTolerance));

    [Fact]
    public void Verify_FarthestTimes_AreExpired()
    {
        Assert.Equal(SignatureCheck.Expired, CheckAt($"t=9999999999,v1={Mac}", DateTimeOffset.MinValue));
        Assert.Equal(SignatureCheck.Expired, CheckAt($"t=0,v1={Mac}", DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Verify_ReceiverInAnotherTimeZone_IsValid() =>
        Assert.Equal(SignatureCheck.Valid, CheckAt($"t=1717243200,v1={Mac}", SignedAt.ToOffset(TimeSpan.FromHours(9))));

    [Theory]
    [InlineData(new[] { Secret, "previous" }, SignatureCheck.Valid)]
    [InlineData(new[] { "current", Secret }, SignatureCheck.Valid)]
    [InlineData(new[] { Secret, Secret }, SignatureCheck.Valid)]
    [InlineData(new[] { "", Secret }, SignatureCheck.Valid)]
    [InlineData(new[] { "current", "previous" }, SignatureCheck.Mismatch)]
    [InlineData(new[] { "WHSEC_TEST_SECRET" }, SignatureCheck.Mismatch)]
    [InlineData(new[] { "test_secret" }, SignatureCheck.Mismatch)]
    [InlineData(new string[0], SignatureCheck.Mismatch)]
    public void Verify_SeveralSecrets_AnyMayFit(string[] secrets, SignatureCheck expected) =>
        Assert.Equal(expected, WebhookSignature.Verify($"t=1717243200,v1={Mac}", Body, secrets, SignedAt, TimeSpan.Zero));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Verify_EmptySecret_NeverFits(string? secret)
    {
        // printf '%s' '1717243200.{}' | openssl dgst -sha256 -hmac '' -r
        const string MacUnderEmptySecret = "8cdad9d0c99154b26b95b98e30f85461de15eedc898f9576c886089b791259e1";

        Assert.Equal(
            SignatureCheck.Mismatch,
            WebhookSignature.Verify($"t=1717243200,v1={MacUnderEmptySecret}", Body, [secret!], SignedAt, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("""{ "request_id": "req-1", "status": "OK" }""")]
    [InlineData("""{"status":"OK","request_id":"req-1"}""")]
    [InlineData("""{"request_id":"req-1","status":"OK"} """)]
    [InlineData("""{"request_id":"req-2","status":"OK"}""")]
    [InlineData("\uFEFF" + """{"request_id":"req-1","status":"OK"}""")]
    [InlineData("")]
    public void Verify_BodyWrittenAnew_IsMismatch(string body) =>
        Assert.Equal(
            SignatureCheck.Mismatch,
            WebhookSignature.Verify($"t=1717243200,v1={Other}", Encoding.UTF8.GetBytes(body), [Secret], SignedAt, TimeSpan.Zero));

    [Fact]
    public void Sign_FractionOfASecond_SignsTheWholeSecond() =>
        Assert.Equal($"t=1717243200,v1={Mac}", WebhookSignature.Sign(Body, Secret, SignedAt.AddMilliseconds(999)));

    [Fact]
    public void Sign_WithoutSecretOrBefore1970_Throws()
    {
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign(Body, "", SignedAt));
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSignature.Sign(Body, Secret, DateTimeOffset.UnixEpoch.AddSeconds(-1)));
    }

    private static SignatureCheck Check(string? header) => CheckAt(header, SignedAt);

    private static SignatureCheck CheckAt(string? header, DateTimeOffset now) =>
        WebhookSignature.Verify(header, Body, [Secret], now, WebhookSignature.DefaultTolerance);
}
