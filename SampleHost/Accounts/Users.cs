using Dam.Hosting;
using Dapper;
using Microsoft.AspNetCore.Identity;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>An account to create.</summary>
internal sealed record NewUser(string Name, string Password)
{
    /// <summary>Null for the name.</summary>
    public string? DisplayName { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

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
    public sealed record Refused(string Reason) : CreateResult
    {
        /// <summary>Which of the values is at fault.</summary>
        public string Field { get; init; } = "name";
    }
}

/// <summary>The accounts: looking them up, and making them.</summary>
internal sealed class Users(Database database, IPasswordHasher<NewUser> hasher)
{
    public const int ShortestPassword = 8;

    /// <summary>The name under which the host itself stands in the change log.</summary>
    public const string HostsOwnName = "system";

    /// <summary>Makes an account while the host is set up, before anything is told to anybody: it is not logged as a change.</summary>
    public Task<CreateResult> CreateAsync(NewUser user, CancellationToken cancellationToken) => CreateAsync(user, null, ChangeOrigin.System, cancellationToken);

    /// <summary>Makes an account and logs it.</summary>
    /// <param name="user">The account.</param>
    /// <param name="actor">Who makes it; null for set-up.</param>
    /// <param name="via">By which door.</param>
    /// <param name="cancellationToken">Cancels it before it begins.</param>
    public async Task<CreateResult> CreateAsync(NewUser user, Actor? actor, ChangeOrigin via, CancellationToken cancellationToken)
    {
        if (FindFault(user) is { } fault)
            return fault;
        var hash = hasher.HashPassword(user, user.Password);
        return await database.WriteAsync(scope => Insert(scope, user, hash, actor, via), cancellationToken);
    }

    /// <summary>The user of that name, or null.</summary>
    public HostUser? Find(string name) => FindAccount(name)?.User;

    public Account? FindAccount(string name) => database.Read(connection => AccountRows.Find(connection, name));

    /// <summary>The user on whose behalf an API key acts, or null for an unknown key.</summary>
    public HostUser? FindByKeyHash(string keyHash) => database.Read(connection => AccountRows.FindByKeyHash(connection, keyHash))?.User;

    /// <summary>The users after an id, in the order of their ids.</summary>
    public IReadOnlyList<HostUser> List(long after, int limit) =>
        database.Read(connection => AccountRows.List(connection, after, limit)).Select(account => account.User).ToList();

    public bool Any() => database.Read(connection => connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM users)"));

    /// <summary>What a change says of a user.</summary>
    public static UserSnapshot Snapshot(HostUser user) => new()
    {
        Id = user.Id ?? throw new ArgumentException($"The user {user.Name} has no id.", nameof(user)),
        Name = user.Name,
        DisplayName = user.DisplayName,
        FirstName = user.FirstName,
        LastName = user.LastName,
        Email = user.Email,
    };

    private static CreateResult.Refused? FindFault(NewUser user)
    {
        if (user.Name.Length is 0 or > 64 || !user.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@') || user.Name is "." or "..")
            return Refuse("name", $"The name '{user.Name}' cannot be used: 1 to 64 letters, digits, and . - _ @ are allowed.");
        if (user.Name.Equals(HostsOwnName, StringComparison.OrdinalIgnoreCase))
            return Refuse("name", $"The name '{HostsOwnName}' stands for the host itself. Choose another.");
        if (user.Password.Length < ShortestPassword)
            return Refuse("password", $"The password is too short: give at least {ShortestPassword} characters.");
        var errors = UserRules.Check(user.DisplayName, user.FirstName, user.LastName, user.Email, user.Roles, user.CollectionRoles);
        return errors.Count > 0 ? Refuse(errors[0].Field, errors[0].Message) : null;
    }

    private static CreateResult Insert(WriteScope scope, NewUser user, string hash, Actor? actor, ChangeOrigin via)
    {
        if (AccountRows.Find(scope.Connection, user.Name) is not null)
            return Refuse("name", $"There is already a user '{user.Name}'.");
        if (AccountRows.WasDeleted(scope.Connection, user.Name))
            return Refuse("name", $"There was a user '{user.Name}', and records and the change log still name him. Choose another name.");
        if (UserRules.FindUnknownCollection(scope.Connection, user.CollectionRoles) is { } error)
            return Refuse(error.Field, error.Message);

        var id = AccountRows.Insert(scope, user, hash);
        if (actor is not null)
        {
            var created = Snapshot(AccountRows.FindById(scope.Connection, id)!.User);
            new ChangeWriter(scope, actor, via).Append(ChangeKind.UserCreated, null, change => change with { User = created });
        }

        return new CreateResult.Created(id);
    }

    private static CreateResult.Refused Refuse(string field, string reason) => new(reason) { Field = field };
}
