using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>A kept authorization code.</summary>
/// <param name="Grant">Whom it acts for.</param>
/// <param name="RedirectUri">The redirect address as the request named it; null when it named none.</param>
/// <param name="Challenge">The PKCE challenge; null when the request had none.</param>
/// <param name="ExpiresAt">Until when it may be exchanged.</param>
/// <param name="IsUsed">Whether it was exchanged, or somebody tried.</param>
internal sealed record KeptCode(Grant Grant, string? RedirectUri, string? Challenge, DateTimeOffset ExpiresAt, bool IsUsed);

/// <summary>The rows of authorization codes.</summary>
internal static class Codes
{
    private const string Insert = """
        INSERT INTO client_code (hash, application_id, user_name, user_id, consent, redirect_uri, challenge, expires_at, remove_at)
        VALUES (@hash, @application, @user, @userId, @consent, @redirect, @challenge, @expires, @remove)
        """;

    private const string Thin = """
        DELETE FROM client_code WHERE hash IN (
            SELECT hash FROM client_code WHERE application_id = @application ORDER BY expires_at DESC LIMIT 1000000 OFFSET @most)
        """;

    private const string DeleteForgotten = "DELETE FROM client_code WHERE remove_at <= @now";

    private const string SelectOne =
        "SELECT application_id, user_name, user_id, consent, redirect_uri, challenge, expires_at, used FROM client_code WHERE hash = @hash";

    private const string Use = "UPDATE client_code SET used = 1 WHERE hash = @hash";

    /// <summary>Keeps a new code and forgets old ones.</summary>
    public static void Keep(PluginConnection connection, string code, KeptCode kept, DateTimeOffset now)
    {
        connection.Prepared(DeleteForgotten).Bind("@now", now).ExecuteNonQuery();
        connection.Prepared(Insert)
            .Bind("@hash", Opaque.Hash(code)).Bind("@application", kept.Grant.ApplicationId).Bind("@user", kept.Grant.UserName)
            .Bind("@userId", kept.Grant.UserId).Bind("@consent", kept.Grant.Consent).Bind("@redirect", kept.RedirectUri).Bind("@challenge", kept.Challenge)
            .Bind("@expires", kept.ExpiresAt).Bind("@remove", now + Lifetimes.CodeMemory)
            .ExecuteNonQuery();
        connection.Prepared(Thin).Bind("@application", kept.Grant.ApplicationId).Bind("@most", Lifetimes.MostCodes).ExecuteNonQuery();
    }

    /// <summary>The code of a hash, expired and used ones too; null when none is kept.</summary>
    public static KeptCode? Find(PluginConnection connection, byte[] hash)
    {
        using var row = connection.Prepared(SelectOne).Bind("@hash", hash).ExecuteReader();
        return row.Read()
            ? new KeptCode(
                new Grant(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3)),
                row.FindString(4), row.FindString(5), row.GetInstant(6), row.GetInt64(7) != 0)
            : null;
    }

    /// <summary>Marks a code as used.</summary>
    public static void MarkUsed(PluginConnection connection, byte[] hash) => connection.Prepared(Use).Bind("@hash", hash).ExecuteNonQuery();
}
