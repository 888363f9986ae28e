using Dam.Hosting;

namespace Fixture.Hello;

/// <summary>Knows the tokens <c>hello-NAME</c>, each acting for the user of that name; and some with which it does what a plugin should not.</summary>
internal sealed class HelloTokens : IBearerTokens
{
    /// <inheritdoc/>
    public async ValueTask<BearerGrant?> FindAsync(string token, CancellationToken cancellationToken)
    {
        switch (token)
        {
            case "hello-throws":
                throw new InvalidOperationException($"Thrown on purpose for {token}.");
            case "hello-hangs":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return null;
            default:
                return token.StartsWith("hello-", StringComparison.Ordinal) ? new BearerGrant(token["hello-".Length..], "The greeter") : null;
        }
    }
}
