using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class SignatureTests
{
    // Known answer of the Standard Webhooks project.
    private const string Key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static ReadOnlySpan<byte> Body => "{\"test\": 2432232314}"u8;

    [Theory]
    [InlineData(Key)]
    [InlineData("whsec_" + Key)]
    public void Known_answer(string written)
    {
        Assert.True(WebhookSecret.TryParse(written, out var secret));
        Assert.Equal(Signature, StandardSignature.Sign(Id, Timestamp, Body, secret));
        var headers = StandardSignature.Headers(Id, DateTimeOffset.FromUnixTimeSeconds(Timestamp).AddMilliseconds(999), Body, secret);
        Assert.Equal(
            [new("webhook-id", Id), new("webhook-timestamp", "1614265330"), new("webhook-signature", Signature)],
            headers);
    }

    [Fact]
    public void While_a_secret_is_replaced_both_sign()
    {
        Assert.True(WebhookSecret.TryParse(Key, out var former));
        var current = WebhookSecret.Generate();
        var signatures = StandardSignature.Headers(Id, DateTimeOffset.FromUnixTimeSeconds(Timestamp), Body, current, former!)[2].Value;
        Assert.Equal(StandardSignature.Sign(Id, Timestamp, Body, current) + " " + Signature, signatures);
    }

    [Fact]
    public void Long_ids_sign_alike()
    {
        Assert.True(WebhookSecret.TryParse(Key, out var secret));
        var id = new string('é', 300);
        using var hmac = new System.Security.Cryptography.HMACSHA256(Convert.FromBase64String(Key));
        var expected = Convert.ToBase64String(hmac.ComputeHash([.. System.Text.Encoding.UTF8.GetBytes($"{id}.{Timestamp}."), .. Body]));
        Assert.Equal("v1," + expected, StandardSignature.Sign(id, Timestamp, Body, secret!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    public void An_id_that_would_blur_what_is_signed_is_refused(string id) =>
        Assert.Throws<ArgumentException>(() => StandardSignature.Headers(id, DateTimeOffset.UnixEpoch, Body, WebhookSecret.Generate()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")] // 5 bytes
    [InlineData("not base64 at all!")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Other_texts_are_no_secrets(string? text) => Assert.False(WebhookSecret.TryParse(text, out _));

    [Fact]
    public void Longer_than_64_bytes_is_no_secret() => Assert.False(WebhookSecret.TryParse(Convert.ToBase64String(new byte[65]), out _));

    [Fact]
    public void Secret_prints_as_stars_and_reveals_what_was_read()
    {
        Assert.True(WebhookSecret.TryParse("whsec_" + Key, out var secret));
        Assert.Equal("********", $"{secret}");
        Assert.Equal("whsec_" + Key, secret!.Reveal());
        Assert.True(WebhookSecret.TryParse(WebhookSecret.Generate().Reveal(), out _));
        Assert.NotEqual(WebhookSecret.Generate(), WebhookSecret.Generate());
    }
}
