using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class KnownSecretsTests
{
    [Theory]
    [InlineData("Invalid token s3cret-token!", "Invalid token ***!")]
    [InlineData("Bearer s3cret-token s3cret-token", "*** ***")]
    [InlineData("user:pass w0rd", "***")]
    [InlineData("the password pass w0rd", "the password ***")]
    [InlineData("Basic dXNlcjpwYXNzIHcwcmQ=", "Basic ***")]
    [InlineData("?key=query%2Fkey", "?key=***")]
    [InlineData("key query/key", "key ***")]
    [InlineData("id 0123456789abcdef", "id ***")]
    [InlineData("proxy pr0xy-password", "proxy ***")]
    [InlineData("a document of the museum-berlin", "a document of the museum-berlin")]
    [InlineData("", "")]
    public void A_credential_that_a_receiver_repeats_is_starred_and_ordinary_words_are_not(string answer, string kept)
    {
        Assert.True(ProxyAddress.TryParse("http://dam:pr0xy-password@proxy:3128", out var proxy));
        var secrets = KnownSecrets.Of(
            "https://user:pass%20w0rd@host/?key=query%2Fkey&type=document&x=0123456789abcdef",
            [new("Authorization", "Bearer s3cret-token"), new("X-Tenant", "museum-berlin")],
            new Via { Proxy = proxy })!;
        var result = secrets.Star(Result(answer, isCut: false) with { Detail = answer, ReasonPhrase = answer, Location = answer });
        Assert.Equal((kept, kept, kept, kept), (Encoding.UTF8.GetString(result.Answer.Span), result.Detail, result.ReasonPhrase, result.Location));
    }

    [Theory]
    [InlineData("Invalid s3cret-tok", "Invalid ***")]
    [InlineData("Invalid s3cret", "Invalid ***")]
    [InlineData("Invalid s3cre", "Invalid s3cre")]
    public void One_that_is_cut_off_with_the_answer_is_starred(string answer, string kept)
    {
        var secrets = KnownSecrets.Of("https://host/", [new("X-Token", "s3cret-token")], null)!;
        Assert.Equal(kept, Encoding.UTF8.GetString(secrets.Star(Result(answer, isCut: true)).Answer.Span));
        Assert.Equal(answer, Encoding.UTF8.GetString(secrets.Star(Result(answer, isCut: false)).Answer.Span));
    }

    [Fact]
    public void Where_there_are_none_nothing_is_looked_for() =>
        Assert.Null(KnownSecrets.Of("https://host/?type=document", [new("User-Agent", "ApiWebhooks")], new Via()));

    private static AttemptResult Result(string answer, bool isCut) => new()
    {
        Outcome = AttemptOutcome.ClientError,
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Answer = Encoding.UTF8.GetBytes(answer),
        AnswerTruncated = isCut,
    };
}
