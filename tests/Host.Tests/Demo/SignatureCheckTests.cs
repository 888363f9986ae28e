using System.Text;
using Microsoft.AspNetCore.Http;
using SampleHost.Demo.Receiver;

namespace Host.Tests.Demo;

/// <summary>The receiver's check of a signature, on the example that the Standard Webhooks libraries test themselves with.</summary>
public sealed class SignatureCheckTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = """{"test": 2432232314}""";
    private const string Right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Theory]
    [InlineData(Right)]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + Right)]
    [InlineData(Right + " v1a,something-newer")]
    public void A_right_signature_verifies_also_among_others(string signatures) =>
        Assert.IsType<SignatureVerdict.Verified>(Verify(signatures: signatures));

    [Fact]
    public void A_changed_body_does_not() =>
        Assert.IsType<SignatureVerdict.Wrong>(Verify(body: Body.Replace('2', '3')));

    [Fact]
    public void Another_secret_does_not() =>
        Assert.IsType<SignatureVerdict.Wrong>(Verify(secret: ReceiverCalls.StandardSecret));

    [Fact]
    public void Another_id_does_not() => Assert.IsType<SignatureVerdict.Wrong>(Verify(id: "msg_other"));

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void The_timestamp_may_be_five_minutes_away_and_no_more(int seconds, bool isRight) =>
        Assert.Equal(isRight, Verify(now: SignedAt.AddSeconds(seconds)) is SignatureVerdict.Verified);

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    public void A_timestamp_that_is_none_is_told(string timestamp) =>
        Assert.Contains("timestamp", Assert.IsType<SignatureVerdict.Wrong>(Verify(timestamp: timestamp)).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_missing_id_is_told() => Assert.IsType<SignatureVerdict.Wrong>(Verify(id: ""));

    [Fact]
    public void A_call_without_signature_is_unsigned() => Assert.IsType<SignatureVerdict.Unsigned>(Verify(signatures: ""));

    [Theory]
    [InlineData("v1,")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Anything_else_is_wrong(string signatures) => Assert.IsType<SignatureVerdict.Wrong>(Verify(signatures: signatures));

    private static SignatureVerdict Verify(
        string id = "msg_p5jXN8AQM9LWM0D4loKWxJek", string timestamp = "1614265330", string signatures = Right, string body = Body, string secret = Secret, DateTimeOffset? now = null)
    {
        var headers = new HeaderDictionary { ["webhook-id"] = id, ["webhook-timestamp"] = timestamp, ["webhook-signature"] = signatures };
        return SignatureCheck.Verify(headers, Encoding.UTF8.GetBytes(body), secret, now ?? SignedAt);
    }
}
