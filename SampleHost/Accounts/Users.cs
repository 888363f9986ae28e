using Dam.Hosting;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using SampleHost.Start;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>An account to create.</summary>
internal sealed record NewUser(string Name, string Password)
{
    /// <summary>Null for the name.</summary>
    public string? DisplayName { get; init; }

    public string? Email { get; init; }

    /// <summary>The language the user reads, or null for what the browser asks for.</summary>
    public string? Language { get; init; }

    /// <summary>Roles that hold everywhere.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Roles by the name of an existing collection.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> CollectionRoles { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>How creating something ended.</summary>
internal abstract record CreateResult
{
    private CreateResult()
    {
    }

    /// <summary>It was created.</summary>
    public sealed record Created(long Id) : CreateResult;

    /// <summary>Nothing was created, and why.</summary>
    public sealed record Refused(string Reason) : CreateResult;
}

/// <summary>The accounts.</summary>
internal sealed class Users(Database database, IPasswordHasher<NewUser> hasher)
{
    public const int ShortestPassword = 8;

    public async Task<CreateResult> CreateAsync(NewUser user, CancellationToken cancellationToken)
    {
        if (Refuse(user) is { } reason)
            return new CreateResult.Refused(reason);
        var hash = hasher.HashPassword(user, user.Password);
        return await database.WriteAsync<CreateResult>(scope => Insert(scope, user, hash), cancellationToken);
    }

    /// <summary>The user of that name, or null.</summary>
    public HostUser? Find(string name) => FindAccount(name)?.User;

    public Account? FindAccount(string name) => database.Read(connection => ReadOne(connection, AccountByNameSql, new { name }));

    /// <summary>The user on whose behalf an API key acts, or null for an unknown key.</summary>
    public HostUser? FindByKeyHash(string keyHash) =>
        database.Read(connection => ReadOne(connection, AccountByKeySql, new { keyHash }))?.User;

    public bool Any() => database.Read(connection => connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM users)"));

    private static string? Refuse(NewUser user)
    {
        if (user.Name.Length is 0 or > 64 || !user.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@'))
            return $"The name '{user.Name}' cannot be used: 1 to 64 letters, digits, and . - _ @ are allowed.";
        if (user.Password.Length < ShortestPassword)
            return $"The password is too short: give at least {ShortestPassword} characters.";
        var unknown = user.Roles.Concat(user.CollectionRoles.Values.SelectMany(roles => roles)).FirstOrDefault(role => !Accounts.Roles.Exists(role));
        return unknown is null ? null : $"There is no role '{unknown}': use one of {string.Join(", ", Accounts.Roles.All)}.";
    }

    private static CreateResult Insert(WriteScope scope, NewUser user, string hash)
    {
        if (scope.Connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM users WHERE name = @Name)", new { user.Name }))
            return new CreateResult.Refused($"There is already a user '{user.Name}'.");
        foreach (var collection in user.CollectionRoles.Keys)
        {
            if (!Collections.Exists(scope.Connection, collection))
                return new CreateResult.Refused($"There is no collection '{collection}'.");
        }

        var id = scope.Connection.ExecuteScalar<long>(InsertSql, new
        {
            user.Name,
            DisplayName = user.DisplayName ?? user.Name,
            user.Email,
            user.Language,
            Hash = hash,
            Stamp = Guid.NewGuid().ToString("N"),
            Now = scope.Now.ToUnixTimeMilliseconds(),
        });
        var roles = user.Roles.Select(role => (Collection: "", Role: role))
            .Concat(user.CollectionRoles.SelectMany(pair => pair.Value.Select(role => (Collection: pair.Key, Role: role))));
        foreach (var (collection, role) in roles.Distinct())
            scope.Connection.Execute("INSERT INTO user_roles (user_id, collection, role) VALUES (@id, @collection, @role)", new { id, collection, role });
        return new CreateResult.Created(id);
    }

    private static Account? ReadOne(SqliteConnection connection, string sql, object parameters)
    {
        var row = connection.QueryFirstOrDefault<AccountRow>(sql, parameters);
        if (row is null)
            return null;
        var roles = connection.Query<RoleRow>("SELECT collection, role FROM user_roles WHERE user_id = @Id", new { row.Id })
            .GroupBy(role => role.Collection)
            .ToDictionary(group => group.Key, group => Accounts.Roles.WithImplied(group.Select(role => role.Role)));
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

    private const string InsertSql = """
        INSERT INTO users (name, display_name, email, language, password_hash, stamp, created_at)
        VALUES (@Name, @DisplayName, @Email, @Language, @Hash, @Stamp, @Now)
        RETURNING id
        """;

    private const string AccountByNameSql = """
        SELECT id AS Id, name AS Name, display_name AS DisplayName, first_name AS FirstName, last_name AS LastName, email AS Email, language AS Language,
               password_hash AS PasswordHash, stamp AS Stamp, failed_count AS FailedCount, locked_until AS LockedUntil, NULL AS KeyName
        FROM users WHERE name = @name
        """;

    private const string AccountByKeySql = """
        SELECT u.id AS Id, u.name AS Name, u.display_name AS DisplayName, u.first_name AS FirstName, u.last_name AS LastName, u.email AS Email, u.language AS Language,
               u.password_hash AS PasswordHash, u.stamp AS Stamp, u.failed_count AS FailedCount, u.locked_until AS LockedUntil, k.name AS KeyName
        FROM api_keys k JOIN users u ON u.id = k.user_id
        WHERE k.key_hash = @keyHash
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
