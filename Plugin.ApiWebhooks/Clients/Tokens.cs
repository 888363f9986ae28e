using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Whom a token or a code acts for, and through which application.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="UserName">The user.</param>
/// <param name="UserId">The user's id, so that another of the same name later gets nothing; null where the host has none.</param>
/// <param name="Consent">Which consent it comes from: all tokens of one fall together.</param>
internal sealed record Grant(long ApplicationId, string UserName, long? UserId, string Consent);

/// <summary>A kept token.</summary>
internal sealed record KeptToken(Grant Grant, bool IsRefresh, DateTimeOffset ExpiresAt, bool IsRetired);

/// <summary>The rows of tokens. Everything that is decided by what stands here is decided in the transaction that changes it.</summary>
internal static class Tokens
{
    private const string Insert = """
        INSERT INTO client_token (hash, kind, application_id, user_name, user_id, consent, created_at, expires_at)
        VALUES (@hash, @kind, @application, @user, @userId, @consent, @now, @expires)
        """;

    // The newest stay: who fetches a token for each call and never one again loses the oldest first.
    private const string Thin = """
        DELETE FROM client_token WHERE hash IN (
            SELECT hash FROM client_token WHERE application_id = @application AND user_name = @user AND kind = @kind
            ORDER BY created_at DESC LIMIT 1000000 OFFSET @most)
        """;

    private const string DeleteExpired = "DELETE FROM client_token WHERE expires_at <= @now";

    private const string DeleteConsent = "DELETE FROM client_token WHERE consent = @consent";

    private const string DeleteOne = "DELETE FROM client_token WHERE hash = @hash";

    private const string Retire = "UPDATE client_token SET retired = 1 WHERE hash = @hash";

    private const string SelectOne =
        "SELECT application_id, user_name, user_id, consent, kind, expires_at, retired FROM client_token WHERE hash = @hash";

    /// <summary>The token of a hash, expired or not; null when none is kept.</summary>
    public static KeptToken? Find(PluginConnection connection, byte[] hash)
    {
        using var row = connection.Prepared(SelectOne).Bind("@hash", hash).ExecuteReader();
        return row.Read()
            ? new KeptToken(ReadGrant(row), row.GetString(4) == "refresh", row.GetInstant(5), row.GetInt64(6) != 0)
            : null;
    }

    /// <summary>Keeps a new token, lets go of what expired, and of the oldest of the same user and application when there are too many.</summary>
    public static void Keep(PluginConnection connection, string token, bool isRefresh, Grant grant, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        var kind = isRefresh ? "refresh" : "access";
        connection.Prepared(DeleteExpired).Bind("@now", now).ExecuteNonQuery();
        connection.Prepared(Insert)
            .Bind("@hash", Opaque.Hash(token)).Bind("@kind", kind).Bind("@application", grant.ApplicationId).Bind("@user", grant.UserName)
            .Bind("@userId", grant.UserId).Bind("@consent", grant.Consent).Bind("@now", now).Bind("@expires", expiresAt)
            .ExecuteNonQuery();
        connection.Prepared(Thin)
            .Bind("@application", grant.ApplicationId).Bind("@user", grant.UserName).Bind("@kind", kind).Bind("@most", Lifetimes.MostTokens)
            .ExecuteNonQuery();
    }

    /// <summary>Takes back everything that came of a consent.</summary>
    public static void RevokeConsent(PluginConnection connection, string consent) => connection.Prepared(DeleteConsent).Bind("@consent", consent).ExecuteNonQuery();

    /// <summary>Takes back one token.</summary>
    public static void Revoke(PluginConnection connection, byte[] hash) => connection.Prepared(DeleteOne).Bind("@hash", hash).ExecuteNonQuery();

    /// <summary>Marks a refresh token as exchanged. It stays, so that it is known when it comes again.</summary>
    public static void MarkRetired(PluginConnection connection, byte[] hash) => connection.Prepared(Retire).Bind("@hash", hash).ExecuteNonQuery();

    private static Grant ReadGrant(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3));
}

/// <summary>How long what is handed out lasts.</summary>
internal static class Lifetimes
{
    /// <summary>From consent to the exchange: the browser is sent back and the application asks at once.</summary>
    public static TimeSpan Code { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a code is remembered, to tell when it comes again.</summary>
    public static TimeSpan CodeMemory { get; } = TimeSpan.FromDays(1);

    public static TimeSpan Access { get; } = TimeSpan.FromHours(1);

    /// <summary>From the consent on, however often it is exchanged: then the user is asked again.</summary>
    public static TimeSpan Refresh { get; } = TimeSpan.FromDays(90);

    /// <summary>How many tokens of a kind one application may have for one user at a time.</summary>
    public const int MostTokens = 1000;

    /// <summary>How many codes one application may have at a time.</summary>
    public const int MostCodes = 1000;
}
