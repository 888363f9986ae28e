using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

/// <summary>Signatures <c>v1a</c>. The tests run where OpenSSL 3 is, which is where the product offers them.</summary>
public sealed class Ed25519Tests
{
    // Known answer of the svix project; reproduced by Node.js.
    private const string Private = "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Signature = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

    // Asks as a receiver would that was given the public key and nothing else.
    private const string Verify = """
        const [publicKey, content, signature] = process.argv.slice(1);
        const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey.replace('whpk_', ''), 'base64')]);
        const key = require('crypto').createPublicKey({ key: der, format: 'der', type: 'spki' });
        console.log(require('crypto').verify(null, Buffer.from(content, 'base64'), key, Buffer.from(signature.replace('v1a,', ''), 'base64')));
        """;

    private static ReadOnlySpan<byte> Body => "{\"test\": 2432232314}"u8;

    [Fact]
    public void The_machine_that_runs_the_tests_offers_it() => Assert.True(Ed25519.IsSupported);

    // RFC 8032, section 7.1, tests 1 to 3.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Vectors_of_the_standard(string seed, string publicKey, string message, string signature)
    {
        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.PublicKeyOf(Convert.FromHexString(seed))));
        var signed = new byte[Ed25519.SignatureLength];
        Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message), signed);
        Assert.Equal(signature, Convert.ToHexStringLower(signed));
    }

    [Theory]
    [InlineData(Private)]
    [InlineData("whsk_" + Private)]
    public void Known_answer(string written)
    {
        Assert.True(SigningKey.TryParse(written, out var key));
        Assert.Equal(Signature, StandardSignature.Sign(Id, Timestamp, Body, key));
        Assert.Equal("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", key.PublicText);
        Assert.Equal("whsk_" + Private, key.Reveal());
        Assert.Equal("********", $"{key}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsk_")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    [InlineData("not base64 at all!")]
    public void Other_texts_are_no_keys(string text) => Assert.False(SigningKey.TryParse(text, out _));

    [Fact]
    public void A_secret_and_a_key_pair_sign_side_by_side()
    {
        Assert.True(SigningKey.TryParse(Private, out var key));
        var secret = WebhookSecret.Generate();
        var header = StandardSignature.Headers(Id, DateTimeOffset.FromUnixTimeSeconds(Timestamp), Body, secret, key!)[2].Value;
        Assert.Equal(StandardSignature.Sign(Id, Timestamp, Body, secret) + " " + Signature, header);
    }

    [Fact]
    public void Many_threads_sign_alike()
    {
        Assert.True(SigningKey.TryParse(Private, out var key));
        var signatures = new string[500];
        Parallel.For(0, signatures.Length, i => signatures[i] = StandardSignature.Sign(Id, Timestamp, "{\"test\": 2432232314}"u8, key));
        Assert.All(signatures, each => Assert.Equal(Signature, each));
    }

    [NodeFact]
    public async Task Another_implementation_verifies_with_the_public_key_alone()
    {
        var key = SigningKey.Generate();
        var body = Encoding.UTF8.GetBytes("{\"title\":\"Krug für Öl\"}");
        var content = Convert.ToBase64String([.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. body]);
        var signature = StandardSignature.Sign(Id, Timestamp, body, key);
        Assert.Equal("true", await Node.RunAsync(Verify, key.PublicText, content, signature));
        Assert.Equal("false", await Node.RunAsync(Verify, SigningKey.Generate().PublicText, content, signature));
    }
}
