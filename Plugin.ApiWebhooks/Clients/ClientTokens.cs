using Plugin.ApiWebhooks.Queue.Engines;
using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>
/// Hands out tokens to applications and tells on whose behalf a token acts: the grants authorization code, client credentials and refresh token of RFC 6749, with
/// PKCE (RFC 7636) and revocation (RFC 7009), as RFC 9700 wants them.
/// </summary>
/// <param name="applications">The applications.</param>
/// <param name="database">The plugin's database.</param>
/// <param name="users">The host's users: who is no more has no tokens.</param>
/// <param name="time">Tells what expired.</param>
internal sealed class ClientTokens(Applications applications, PluginDatabase database, IUserDirectory users, TimeProvider time) : IBearerTokens
{
    private static readonly byte[] NoSecret = new byte[32];

    /// <inheritdoc/>
    public async ValueTask<BearerGrant?> FindAsync(string token, CancellationToken cancellationToken)
    {
        // What is no token of ours costs no query.
        if (token.Length != 43)
            return null;
        var hash = Opaque.Hash(token);
        var kept = database.Read(connection => Tokens.Find(connection, hash));
        if (kept is not { IsRefresh: false } || kept.ExpiresAt <= time.GetUtcNow() || applications.Find(kept.Grant.ApplicationId) is not { } application)
            return null;
        return await IsThereAsync(kept.Grant, cancellationToken).ConfigureAwait(false) ? new BearerGrant(kept.Grant.UserName, application.ActorName) : null;
    }

    /// <summary>Finds the application that names itself, and checks its secret.</summary>
    /// <param name="clientId">Its public name.</param>
    /// <param name="secret">Its secret; null when it sent none, as public clients do.</param>
    /// <returns>The application; null when it is not known or the secret is wrong.</returns>
    public ClientApplication? Authenticate(string clientId, string? secret)
    {
        var application = applications.Find(clientId);
        if (secret is null)
            return application is { IsPublic: true } ? application : null;
        // As long for a name that nobody has.
        var matches = Opaque.Matches(secret, application?.SecretHash ?? NoSecret);
        return matches && application is { IsPublic: false } ? application : null;
    }

    /// <summary>Makes an authorization code for a user who consents.</summary>
    /// <param name="application">The application.</param>
    /// <param name="user">The user.</param>
    /// <param name="redirectUri">The redirect address as the request named it; null when it named none.</param>
    /// <param name="challenge">The PKCE challenge, or null.</param>
    public async Task<string> MakeCodeAsync(ClientApplication application, HostUser user, string? redirectUri, string? challenge)
    {
        var code = Opaque.Generate();
        var now = time.GetUtcNow();
        var kept = new KeptCode(new Grant(application.Id, user.Name, user.Id, Opaque.GenerateName()), redirectUri, challenge, now + Lifetimes.Code, IsUsed: false);
        await database.WriteAsync(connection =>
        {
            Codes.Keep(connection, code, kept, now);
            return true;
        }).ConfigureAwait(false);
        return code;
    }

    /// <summary>Issues a token that acts for the application's owner, to whoever has its id and secret (section 4.4).</summary>
    /// <param name="clientId">The application's public name.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TokenResult> IssueAsync(string clientId, string secret, CancellationToken cancellationToken) =>
        Authenticate(clientId, secret) is { } application
            ? await IssueToOwnerAsync(application, cancellationToken).ConfigureAwait(false)
            : new TokenResult.Refused(OAuthError.InvalidClient);

    /// <summary>The same for an application that was authenticated.</summary>
    public async Task<TokenResult> IssueToOwnerAsync(ClientApplication application, CancellationToken cancellationToken)
    {
        if (!application.ByCredentials)
            return new TokenResult.Refused(OAuthError.Unauthorized("This application acts only for users who consent."));
        if (await users.FindAsync(application.Owner, cancellationToken).ConfigureAwait(false) is not { } owner)
            return new TokenResult.Refused(OAuthError.Unauthorized("The application's owner is no user of this host any more."));
        var grant = new Grant(application.Id, owner.Name, owner.Id, Opaque.GenerateName());
        var now = time.GetUtcNow();
        return await database.WriteAsync(connection => Issue(connection, grant, now, refreshToken: null), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Exchanges a code (section 4.1.3). A code that comes a second time was stolen: what it gave is taken back.</summary>
    /// <param name="application">The application, authenticated.</param>
    /// <param name="code">The code.</param>
    /// <param name="redirectUri">The redirect address as the request names it, or null.</param>
    /// <param name="verifier">The PKCE verifier, or null.</param>
    public Task<TokenResult> ExchangeAsync(ClientApplication application, string code, string? redirectUri, string? verifier)
    {
        var (hash, now) = (Opaque.Hash(code), time.GetUtcNow());
        return database.WriteAsync<TokenResult>(connection =>
        {
            // 1. Whose it is. Another application's attempt must not spoil it.
            if (Codes.Find(connection, hash) is not { } kept || kept.Grant.ApplicationId != application.Id)
                return Invalid("The code is not known.");
            // 2. Once, whatever comes of it.
            if (kept.IsUsed)
            {
                Tokens.RevokeConsent(connection, kept.Grant.Consent);
                return Invalid("The code was used already. What it gave was taken back.");
            }
            Codes.MarkUsed(connection, hash);
            // 3. Whether it is still good, and in the right hands.
            if (kept.ExpiresAt <= now)
                return Invalid("The code has expired.");
            if (kept.RedirectUri is not null && kept.RedirectUri != redirectUri || kept.RedirectUri is null && redirectUri is not null && redirectUri != application.RedirectUri)
                return Invalid("The redirect_uri is not that of the authorization request.");
            // A verifier without a challenge: somebody took the challenge out of the authorization request.
            if (kept.Challenge is null ? verifier is not null : verifier is null || !Pkce.Proves(verifier, kept.Challenge))
                return Invalid("The code_verifier does not belong to the code_challenge of the authorization request.");
            // 4. Tokens.
            var refreshToken = Opaque.Generate();
            Tokens.Keep(connection, refreshToken, isRefresh: true, kept.Grant, now, now + Lifetimes.Refresh);
            return Issue(connection, kept.Grant, now, refreshToken);
        });
    }

    /// <summary>
    /// Exchanges a refresh token (section 6). A confidential application keeps it; a public one gets the next, and one that comes a second time was stolen.
    /// </summary>
    public Task<TokenResult> RefreshAsync(ClientApplication application, string refreshToken)
    {
        var (hash, now) = (Opaque.Hash(refreshToken), time.GetUtcNow());
        return database.WriteAsync<TokenResult>(connection =>
        {
            if (Tokens.Find(connection, hash) is not { IsRefresh: true } kept || kept.Grant.ApplicationId != application.Id || kept.ExpiresAt <= now)
                return Invalid("The refresh token is not known, or has expired.");
            if (kept.IsRetired)
            {
                Tokens.RevokeConsent(connection, kept.Grant.Consent);
                return Invalid("The refresh token was exchanged already. What came of it was taken back.");
            }
            if (!application.IsPublic)
                return Issue(connection, kept.Grant, now, refreshToken);
            var next = Opaque.Generate();
            Tokens.MarkRetired(connection, hash);
            Tokens.Keep(connection, next, isRefresh: true, kept.Grant, now, kept.ExpiresAt);
            return Issue(connection, kept.Grant, now, next);
        });
    }

    /// <summary>Takes back a token of an application (RFC 7009); a refresh token with everything that came of the same consent. Others are left alone.</summary>
    public Task RevokeAsync(ClientApplication application, string token)
    {
        var hash = Opaque.Hash(token);
        return database.WriteAsync(connection =>
        {
            if (Tokens.Find(connection, hash) is not { } kept || kept.Grant.ApplicationId != application.Id)
                return false;
            if (kept.IsRefresh)
                Tokens.RevokeConsent(connection, kept.Grant.Consent);
            else
                Tokens.Revoke(connection, hash);
            return true;
        });
    }

    private async ValueTask<bool> IsThereAsync(Grant grant, CancellationToken cancellationToken) =>
        await users.FindAsync(grant.UserName, cancellationToken).ConfigureAwait(false) is { } user && (grant.UserId is null || user.Id == grant.UserId);

    private static TokenResult.Issued Issue(PluginConnection connection, Grant grant, DateTimeOffset now, string? refreshToken)
    {
        var token = Opaque.Generate();
        Tokens.Keep(connection, token, isRefresh: false, grant, now, now + Lifetimes.Access);
        return new TokenResult.Issued(token, Lifetimes.Access, refreshToken);
    }

    private static TokenResult.Refused Invalid(string description) => new(OAuthError.InvalidGrant(description));
}
