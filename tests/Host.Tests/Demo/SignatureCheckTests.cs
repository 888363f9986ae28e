using System.Text;
using Microsoft.AspNetCore.Http;
using SampleHost.Demo.Cms;

namespace Host.Tests.Demo;

public sealed class SignatureCheckTests
{
    private const string Body = """{"type":"record.inserted"}""";
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void The_published_vector_verifies()
    {
        var headers = new HeaderDictionary
        {
            ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek",
            ["webhook-timestamp"] = "1614265330",
            ["webhook-signature"] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        };

        var verdict = SignatureCheck.Check(
            headers, """{"test": 2432232314}"""u8, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", DateTimeOffset.FromUnixTimeSeconds(1614265330));

        Assert.Equal(SignatureVerdict.Verified, verdict);
    }

    [Theory]
    [InlineData(0, Body, SignatureVerdict.Verified)]
    [InlineData(299, Body, SignatureVerdict.Verified)]
    [InlineData(301, Body, SignatureVerdict.TooOld)]
    [InlineData(-301, Body, SignatureVerdict.TooOld)]
    [InlineData(0, Body + " ", SignatureVerdict.Wrong)]
    public void Age_and_bytes_decide(int ageSeconds, string received, SignatureVerdict verdict) =>
        Assert.Equal(verdict, Check(HeadersAt(Now.AddSeconds(-ageSeconds)), received));

    [Fact]
    public void One_fitting_signature_among_several_is_enough()
    {
        var headers = HeadersAt(Now);
        headers["webhook-signature"] = $"v1a,AAAA v1,{Convert.ToBase64String(new byte[32])} {headers["webhook-signature"]}";

        Assert.Equal(SignatureVerdict.Verified, Check(headers, Body));
    }

    [Theory]
    [InlineData("webhook-id", "", SignatureVerdict.Malformed)]
    [InlineData("webhook-timestamp", "soon", SignatureVerdict.Malformed)]
    [InlineData("webhook-signature", "v1,not-base64!", SignatureVerdict.Wrong)]
    [InlineData("webhook-id", "msg_2", SignatureVerdict.Wrong)]
    public void Spoilt_headers_do_not_verify(string header, string value, SignatureVerdict verdict)
    {
        var headers = HeadersAt(Now);
        headers[header] = value;

        Assert.Equal(verdict, Check(headers, Body));
    }

    [Fact]
    public void No_headers_means_not_signed() => Assert.Equal(SignatureVerdict.NotSigned, Check(new HeaderDictionary(), Body));

    private static SignatureVerdict Check(HeaderDictionary headers, string body) =>
        SignatureCheck.Check(headers, Encoding.UTF8.GetBytes(body), CmsEndpoints.StandardSecret, Now);

    private static HeaderDictionary HeadersAt(DateTimeOffset at)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Signed.Headers(CmsEndpoints.StandardSecret, "msg_1", at, Body))
            headers[name] = value;
        return headers;
    }
}
