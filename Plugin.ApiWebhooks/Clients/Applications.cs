using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>The registered applications.</summary>
/// <param name="database">The plugin's database, table <c>client_application</c>.</param>
/// <param name="time">Dates what is registered.</param>
internal sealed class Applications(PluginDatabase database, TimeProvider time)
{
    /// <summary>How many one user may have.</summary>
    public const int MostOfOwner = 100;

    private const string Select =
        "SELECT id, client_id, secret_hash, name, description, website, owner, redirect_uri, by_code, by_credentials, created_at, listened_events FROM client_application";

    private const string SelectOne = $"{Select} WHERE id = @id";

    private const string SelectByClientId = $"{Select} WHERE client_id = @client";

    private const string SelectOfOwner = $"{Select} WHERE @owner IS NULL OR owner = @owner ORDER BY id";

    private const string CountOfOwner = "SELECT count(*) FROM client_application WHERE owner = @owner";

    private const string Insert = """
        INSERT INTO client_application (client_id, secret_hash, name, description, website, owner, redirect_uri, by_code, by_credentials, created_at)
        VALUES (@client, @secret, @name, @description, @website, @owner, @redirect, @code, @credentials, @now)
        RETURNING id
        """;

    private const string UpdateSecret = "UPDATE client_application SET secret_hash = @secret WHERE id = @id AND secret_hash IS NOT NULL";

    private const string UpdateRedirect = "UPDATE client_application SET redirect_uri = @redirect, by_code = CASE WHEN @redirect <> '' THEN 1 ELSE 0 END WHERE id = @id";

    private const string UpdateListened = "UPDATE client_application SET listened_events = @events WHERE id = @id";

    private const string Delete = "DELETE FROM client_application WHERE id = @id";

    private const string DeleteTokens = "DELETE FROM client_token WHERE application_id = @id";

    private const string DeleteCodes = "DELETE FROM client_code WHERE application_id = @id";

    /// <summary>The application of an id, or null.</summary>
    public ClientApplication? Find(long id) => database.Read(connection => List(connection.Prepared(SelectOne).Bind("@id", id)).FirstOrDefault());

    /// <summary>The application that introduces itself by a name, or null.</summary>
    public ClientApplication? Find(string clientId) =>
        database.Read(connection => List(connection.Prepared(SelectByClientId).Bind("@client", clientId)).FirstOrDefault());

    /// <summary>The applications of a user; all when null.</summary>
    public IReadOnlyList<ClientApplication> OwnedBy(string? owner) => database.Read(connection => List(connection.Prepared(SelectOfOwner).Bind("@owner", owner)));

    /// <summary>Registers an application. A confidential one may act for its owner, and one with a redirect address for users who consent.</summary>
    public async Task<RegisterResult> RegisterAsync(NewApplication application)
    {
        var wanted = application with { Name = application.Name.Trim(), Website = application.Website.Trim(), RedirectUri = application.RedirectUri.Trim() };
        if (ApplicationRules.FindFaults(wanted) is { Count: > 0 } faults)
            return new RegisterResult.Refused(faults);
        var secret = wanted.IsPublic ? null : Opaque.Generate();
        var made = new ClientApplication
        {
            Id = 0,
            ClientId = Opaque.GenerateName(),
            SecretHash = secret is null ? null : Opaque.Hash(secret),
            Name = wanted.Name,
            Description = wanted.Description,
            Website = wanted.Website,
            Owner = wanted.Owner,
            RedirectUri = wanted.RedirectUri,
            ByCode = wanted.RedirectUri.Length > 0,
            ByCredentials = !wanted.IsPublic,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        };
        var id = await database.WriteAsync(connection => Store(connection, made)).ConfigureAwait(false);
        return id is null
            ? new RegisterResult.Refused([new FieldFault("name", $"You have {MostOfOwner} applications already. Delete one first.")])
            : new RegisterResult.Registered(made with { Id = id.Value }, secret);
    }

    /// <summary>Gives an application a new secret and takes back everything it was given with the former.</summary>
    /// <returns>The secret, to be shown this once; null when there is no such application or it is public.</returns>
    public async Task<string?> RenewSecretAsync(long id)
    {
        var secret = Opaque.Generate();
        var isDone = await database.WriteAsync(connection =>
        {
            if (connection.Prepared(UpdateSecret).Bind("@secret", Opaque.Hash(secret)).Bind("@id", id).ExecuteNonQuery() == 0)
                return false;
            connection.Prepared(DeleteTokens).Bind("@id", id).ExecuteNonQuery();
            connection.Prepared(DeleteCodes).Bind("@id", id).ExecuteNonQuery();
            return true;
        }).ConfigureAwait(false);
        return isDone ? secret : null;
    }

    /// <summary>Changes where users are sent back to. Codes of the former address are void.</summary>
    /// <returns>What is wrong with the address; null when it was taken.</returns>
    public async Task<string?> MoveAsync(ClientApplication application, string redirectUri)
    {
        var address = redirectUri.Trim();
        if (address.Length == 0 && application.IsPublic)
            return "A public application needs an address that users are sent back to.";
        if (address.Length > 0 && RedirectAddress.FindObjection(address) is { } objection)
            return objection;
        await database.WriteAsync(connection =>
        {
            connection.Prepared(DeleteCodes).Bind("@id", application.Id).ExecuteNonQuery();
            return connection.Prepared(UpdateRedirect).Bind("@redirect", address).Bind("@id", application.Id).ExecuteNonQuery();
        }).ConfigureAwait(false);
        return null;
    }

    /// <summary>Keeps what an application wants to be told until it says where.</summary>
    /// <param name="id">The application.</param>
    /// <param name="events">A JSON array of event names.</param>
    public Task KeepListenedEventsAsync(long id, string events) =>
        database.WriteAsync(connection => connection.Prepared(UpdateListened).Bind("@events", events).Bind("@id", id).ExecuteNonQuery());

    /// <summary>Deletes an application, and with it its codes and tokens.</summary>
    public Task<bool> DeleteAsync(long id) => database.WriteAsync(connection => connection.Prepared(Delete).Bind("@id", id).ExecuteNonQuery() > 0);

    private static long? Store(PluginConnection connection, ClientApplication made)
    {
        if ((long)connection.Prepared(CountOfOwner).Bind("@owner", made.Owner).ExecuteScalar()! >= MostOfOwner)
            return null;
        return (long)connection.Prepared(Insert)
            .Bind("@client", made.ClientId).Bind("@secret", made.SecretHash).Bind("@name", made.Name).Bind("@description", made.Description)
            .Bind("@website", made.Website).Bind("@owner", made.Owner).Bind("@redirect", made.RedirectUri)
            .Bind("@code", made.ByCode ? 1 : 0).Bind("@credentials", made.ByCredentials ? 1 : 0).Bind("@now", made.CreatedAt)
            .ExecuteScalar()!;
    }

    private static List<ClientApplication> List(DbCommand command)
    {
        using var row = command.ExecuteReader();
        var list = new List<ClientApplication>();
        while (row.Read())
        {
            list.Add(new ClientApplication
            {
                Id = row.GetInt64(0),
                ClientId = row.GetString(1),
                SecretHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
                Name = row.GetString(3),
                Description = row.GetString(4),
                Website = row.GetString(5),
                Owner = row.GetString(6),
                RedirectUri = row.GetString(7),
                ByCode = row.GetInt64(8) != 0,
                ByCredentials = row.GetInt64(9) != 0,
                CreatedAt = row.GetInstant(10),
                ListenedEvents = row.GetString(11),
            });
        }
        return list;
    }
}
