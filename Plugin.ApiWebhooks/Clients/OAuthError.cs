namespace Plugin.ApiWebhooks.Clients;

/// <summary>An error in the words of RFC 6749, sections 4.1.2.1 and 5.2.</summary>
/// <param name="Code">The word that programs read.</param>
/// <param name="Description">A sentence for the program's developer. No secret and nothing of the request stands in it.</param>
internal sealed record OAuthError(string Code, string Description)
{
    public static OAuthError InvalidClient { get; } =
        new("invalid_client", "The application is not known, or its secret is not the right one. Send client_id and client_secret by HTTP Basic or in the body.");

    public static OAuthError UnsupportedGrant { get; } =
        new("unsupported_grant_type", "Known are authorization_code, client_credentials and refresh_token.");

    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);

    public static OAuthError InvalidGrant(string description) => new("invalid_grant", description);

    public static OAuthError Unauthorized(string description) => new("unauthorized_client", description);
}

/// <summary>What became of a request for tokens.</summary>
internal abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <param name="AccessToken">The token, to be shown this once.</param>
    /// <param name="Lifetime">How long it is good for.</param>
    /// <param name="RefreshToken">With what the next is fetched; null where there is none.</param>
    public sealed record Issued(string AccessToken, TimeSpan Lifetime, string? RefreshToken) : TokenResult
    {
        // A record would print its values.
        public override string ToString() => "Issued ********";
    }

    public sealed record Refused(OAuthError Error) : TokenResult;
}
