using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Which applications users let act for themselves, and taking that back.</summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">Tells what expired.</param>
internal sealed class Consents(PluginDatabase database, TimeProvider time)
{
    // A consent lasts as long as its refresh token; the applications of the user himself that act by their credentials have none.
    private const string Select = """
        SELECT a.id, a.name, a.owner, min(t.created_at) FROM client_token t JOIN client_application a ON a.id = t.application_id
        WHERE t.user_name = @user COLLATE NOCASE AND t.kind = 'refresh' AND t.retired = 0 AND t.expires_at > @now
        GROUP BY a.id ORDER BY a.id
        """;

    private const string DeleteTokens = """
        DELETE FROM client_token WHERE application_id = @application AND consent IN (
            SELECT consent FROM client_token WHERE application_id = @application AND user_name = @user COLLATE NOCASE AND kind = 'refresh')
        """;

    private const string DeleteCodes = "DELETE FROM client_code WHERE application_id = @application AND user_name = @user COLLATE NOCASE";

    /// <summary>The applications that may act for a user who consented.</summary>
    public IReadOnlyList<Consent> Of(string userName) => database.Read(connection =>
    {
        using var row = connection.Prepared(Select).Bind("@user", userName).Bind("@now", time.GetUtcNow()).ExecuteReader();
        var list = new List<Consent>();
        while (row.Read())
            list.Add(new Consent(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInstant(3)));
        return list;
    });

    /// <summary>Ends what a user gave an application.</summary>
    /// <returns>False when he had given it nothing.</returns>
    public Task<bool> RevokeAsync(string userName, long applicationId) => database.WriteAsync(connection =>
    {
        var codes = connection.Prepared(DeleteCodes).Bind("@application", applicationId).Bind("@user", userName).ExecuteNonQuery();
        return connection.Prepared(DeleteTokens).Bind("@application", applicationId).Bind("@user", userName).ExecuteNonQuery() + codes > 0;
    });
}

/// <summary>An application that may act for a user.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Since">When the user consented.</param>
internal sealed record Consent(long ApplicationId, string Name, string Owner, DateTimeOffset Since);
