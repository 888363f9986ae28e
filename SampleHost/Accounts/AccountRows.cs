using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Start;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>Reads and writes the rows of accounts and their roles. Runs inside whatever transaction the connection is in.</summary>
internal static class AccountRows
{
    public static Account? Find(DbConnection connection, string name) => ReadOne(connection, SelectSql + " WHERE u.name = @name", new { name });

    public static Account? FindById(DbConnection connection, long id) => ReadOne(connection, SelectSql + " WHERE u.id = @id", new { id });

    /// <summary>The account on whose behalf an API key acts, with the key's name.</summary>
    public static Account? FindByKeyHash(DbConnection connection, string keyHash) => ReadOne(connection, SelectByKeySql, new { keyHash });

    /// <summary>The accounts after an id, in the order of their ids; all of them without a limit.</summary>
    public static IReadOnlyList<Account> List(DbConnection connection, long after = 0, int limit = int.MaxValue)
    {
        var rows = connection.Query<AccountRow>(SelectSql + " WHERE u.id > @after ORDER BY u.id LIMIT @limit", new { after, limit }).AsList();
        if (rows.Count == 0)
            return [];
        var roles = connection.Query<RoleRow>(RolesSql + " WHERE user_id > @after AND user_id <= @last", new { after, last = rows[^1].Id })
            .ToLookup(role => role.UserId);
        return rows.Select(row => ToAccount(row, roles[row.Id])).ToList();
    }

    /// <summary>How many hold a role everywhere.</summary>
    public static long Count(DbConnection connection, string role) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM user_roles WHERE collection = '' AND role = @role", new { role });

    public static long Insert(WriteScope scope, NewUser user, string hash)
    {
        var id = scope.Connection.ExecuteScalar<long>(InsertSql, new
        {
            user.Name,
            DisplayName = user.DisplayName ?? user.Name,
            user.FirstName,
            user.LastName,
            user.Email,
            user.Language,
            Hash = hash,
            Stamp = Guid.NewGuid().ToString("N"),
            Now = scope.Now.ToUnixTimeMilliseconds(),
        });
        AddRoles(scope, id, user.Roles, user.CollectionRoles);
        return id;
    }

    public static void Update(WriteScope scope, HostUser user) => scope.Connection.Execute(UpdateSql, user);

    /// <summary>Gives a user exactly these roles.</summary>
    public static void ReplaceRoles(WriteScope scope, long id, IReadOnlyList<string> roles, IReadOnlyDictionary<string, IReadOnlyList<string>> collectionRoles)
    {
        scope.Connection.Execute("DELETE FROM user_roles WHERE user_id = @id", new { id });
        AddRoles(scope, id, roles, collectionRoles);
    }

    /// <summary>Gives a user one role in a collection beside those he has.</summary>
    public static void AddRole(WriteScope scope, long id, string collection, string role) =>
        scope.Connection.Execute("INSERT INTO user_roles (user_id, collection, role) VALUES (@id, @collection, @role) ON CONFLICT DO NOTHING", new { id, collection, role });

    /// <summary>Removes an account with its keys and roles, and keeps its name from being given again.</summary>
    public static void Delete(WriteScope scope, long id, string name)
    {
        scope.Connection.Execute("DELETE FROM users WHERE id = @id", new { id });
        scope.Connection.Execute(
            "INSERT INTO former_users (id, name, deleted_at) VALUES (@id, @name, @now)", new { id, name, now = scope.Now.ToUnixTimeMilliseconds() });
    }

    public static bool WasDeleted(DbConnection connection, string name) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM former_users WHERE name = @name)", new { name });

    private static void AddRoles(WriteScope scope, long id, IReadOnlyList<string> roles, IReadOnlyDictionary<string, IReadOnlyList<string>> collectionRoles)
    {
        foreach (var role in roles)
            AddRole(scope, id, "", role);
        foreach (var (collection, ofCollection) in collectionRoles)
        {
            foreach (var role in ofCollection)
                AddRole(scope, id, collection, role);
        }
    }

    private static Account? ReadOne(DbConnection connection, string sql, object parameters) =>
        connection.QueryFirstOrDefault<AccountRow>(sql, parameters) is { } row
            ? ToAccount(row, connection.Query<RoleRow>(RolesSql + " WHERE user_id = @Id", new { row.Id }))
            : null;

    private static Account ToAccount(AccountRow row, IEnumerable<RoleRow> given)
    {
        var roles = given.GroupBy(role => role.Collection).ToDictionary(group => group.Key, group => Roles.WithImplied(group.Select(role => role.Role)));
        var everywhere = roles.GetValueOrDefault("") ?? new HashSet<string>();
        roles.Remove("");
        var user = new HostUser
        {
            Id = row.Id,
            Name = row.Name,
            DisplayName = row.DisplayName,
            FirstName = row.FirstName,
            LastName = row.LastName,
            Email = row.Email,
            Language = row.Language ?? HostOptions.DefaultLanguage,
            Roles = everywhere,
            CollectionRoles = roles,
            ApiKeyName = row.KeyName,
        };
        return new Account(row.Id, user, row.Language, row.PasswordHash, row.Stamp, (int)row.FailedCount,
            row.LockedUntil is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null);
    }

    private sealed record RoleRow
    {
        public required long UserId { get; init; }
        public required string Collection { get; init; }
        public required string Role { get; init; }
    }

    private sealed record AccountRow
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required string DisplayName { get; init; }
        public string? FirstName { get; init; }
        public string? LastName { get; init; }
        public string? Email { get; init; }
        public string? Language { get; init; }
        public required string PasswordHash { get; init; }
        public required string Stamp { get; init; }
        public required long FailedCount { get; init; }
        public long? LockedUntil { get; init; }
        public string? KeyName { get; init; }
    }

    private const string Columns = """
        SELECT u.id AS Id, u.name AS Name, u.display_name AS DisplayName, u.first_name AS FirstName, u.last_name AS LastName, u.email AS Email,
               u.language AS Language, u.password_hash AS PasswordHash, u.stamp AS Stamp, u.failed_count AS FailedCount, u.locked_until AS LockedUntil
        """;

    private const string SelectSql = Columns + " FROM users AS u";

    private const string SelectByKeySql = Columns + ", k.name AS KeyName FROM api_keys AS k JOIN users AS u ON u.id = k.user_id WHERE k.key_hash = @keyHash";

    private const string RolesSql = "SELECT user_id AS UserId, collection AS Collection, role AS Role FROM user_roles";

    private const string InsertSql = """
        INSERT INTO users (name, display_name, first_name, last_name, email, language, password_hash, stamp, created_at)
        VALUES (@Name, @DisplayName, @FirstName, @LastName, @Email, @Language, @Hash, @Stamp, @Now)
        RETURNING id
        """;

    private const string UpdateSql = """
        UPDATE users SET display_name = @DisplayName, first_name = @FirstName, last_name = @LastName, email = @Email
        WHERE id = @Id
        """;
}

/// <summary>An account with what signing in needs.</summary>
/// <param name="ChosenLanguage">The language the account names, or null when the browser decides.</param>
/// <param name="Stamp">Changes with the password.</param>
internal sealed record Account(
    long Id, HostUser User, string? ChosenLanguage, string PasswordHash, string Stamp, int FailedCount, DateTimeOffset? LockedUntilAt)
{
    // The hash is no secret to print by accident.
    public override string ToString() => $"Account {User.Name}";
}
