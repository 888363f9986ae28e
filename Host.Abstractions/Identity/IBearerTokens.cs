namespace Dam.Hosting;

/// <summary>Registered by a plugin that hands out tokens of its own, such as OAuth 2.0 access tokens, with which programs then call host and plugins.</summary>
public interface IBearerTokens
{
    /// <summary>
    /// Tells on whose behalf a token acts. Asked for each request with <c>Authorization: Bearer</c> whose token is no API key of the host's, before anybody is known to
    /// call: so by strangers too, and at any rate.
    /// </summary>
    /// <remarks>
    /// The request then has the user <see cref="BearerGrant.UserName"/> as he is at that moment, with all his roles, and <see cref="HostUser.ApiKeyName"/> is
    /// <see cref="BearerGrant.ClientName"/>. A user who is no more has no rights, whatever the grant says. The host waits for an answer for two seconds;
    /// none, or an exception, counts as a token that is not known.
    /// </remarks>
    /// <param name="token">The token as it was sent. It is secret: never log it.</param>
    /// <param name="cancellationToken">Cancelled when the host waits no longer.</param>
    /// <returns>The grant; null for a token that is unknown, expired or revoked.</returns>
    ValueTask<BearerGrant?> FindAsync(string token, CancellationToken cancellationToken);
}

/// <summary>On whose behalf a token acts.</summary>
/// <param name="UserName">The name of the host's user.</param>
/// <param name="ClientName">The name of the program that was given the token; it stands in the change log beside the user's.</param>
public sealed record BearerGrant(string UserName, string ClientName);
