using Dam.Hosting;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>What to change of a user. What is null is not named and stays as it is.</summary>
internal sealed record UserEdit(string Name)
{
    public string? DisplayName { get; init; }

    public Named? FirstName { get; init; }

    public Named? LastName { get; init; }

    public Named? Email { get; init; }

    /// <summary>All roles that hold everywhere.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>All roles by collection.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? CollectionRoles { get; init; }
}

/// <summary>A value that was named; null or blank clears what is stored.</summary>
internal sealed record Named(string? Text)
{
    public string? Value => string.IsNullOrWhiteSpace(Text) ? null : Text.Trim();
}

/// <summary>How work on a user ended.</summary>
internal abstract record UserResult
{
    private UserResult()
    {
    }

    /// <summary>Committed. For a deletion the user as he last was.</summary>
    public sealed record Saved(HostUser User) : UserResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : UserResult;

    public sealed record NotFound : UserResult;

    /// <summary>It makes no sense as things stand.</summary>
    public sealed record Refused(string Reason) : UserResult;
}

/// <summary>Changes and deletes users, each in one transaction with its entry in the change log. Whether the actor may is asked at the door.</summary>
internal sealed class UserEdits(Database database)
{
    private const string LastSysAdmin = "This is the last user with the role sysadmin. Give the role to somebody else first.";

    public async Task<UserResult> UpdateAsync(UserEdit edit, Actor actor, ChangeOrigin via, CancellationToken cancellationToken)
    {
        var errors = UserRules.Check(
            edit.DisplayName, edit.FirstName?.Value, edit.LastName?.Value, edit.Email?.Value, edit.Roles, edit.CollectionRoles);
        return errors.Count > 0
            ? new UserResult.Invalid(errors)
            : await database.WriteAsync(scope => Update(scope, edit, actor, via), cancellationToken);
    }

    /// <summary>Deletes a user with his keys and roles; his sessions end with his account. What he owns and did stays under his name, which is not given again.</summary>
    public Task<UserResult> DeleteAsync(string name, Actor actor, ChangeOrigin via, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => Delete(scope, name, actor, via), cancellationToken);

    private static UserResult Update(WriteScope scope, UserEdit edit, Actor actor, ChangeOrigin via)
    {
        if (AccountRows.Find(scope.Connection, edit.Name)?.User is not { } before)
            return new UserResult.NotFound();
        if (edit.CollectionRoles is { } wanted && UserRules.FindUnknownCollection(scope.Connection, wanted) is { } error)
            return new UserResult.Invalid([error]);
        if (edit.Roles is { } roles && IsLastSysAdmin(scope, before) && !Roles.WithImplied(roles).Contains(Roles.SysAdmin))
            return new UserResult.Refused(LastSysAdmin);

        AccountRows.Update(scope, before with
        {
            DisplayName = edit.DisplayName?.Trim() ?? before.DisplayName,
            FirstName = edit.FirstName is { } first ? first.Value : before.FirstName,
            LastName = edit.LastName is { } last ? last.Value : before.LastName,
            Email = edit.Email is { } email ? email.Value : before.Email,
        });
        if (edit.Roles is not null || edit.CollectionRoles is not null)
            AccountRows.ReplaceRoles(scope, before.Id!.Value, edit.Roles ?? [.. before.Roles], edit.CollectionRoles ?? Listed(before.CollectionRoles));

        var after = AccountRows.Find(scope.Connection, edit.Name)!.User;
        if (Compare(before, after) is { Count: > 0 } changed)
        {
            new ChangeWriter(scope, actor, via).Append(
                ChangeKind.UserChanged, null, change => change with { User = Users.Snapshot(after), ChangedFields = changed });
        }

        return new UserResult.Saved(after);
    }

    private static UserResult Delete(WriteScope scope, string name, Actor actor, ChangeOrigin via)
    {
        if (AccountRows.Find(scope.Connection, name)?.User is not { } user)
            return new UserResult.NotFound();
        if (IsLastSysAdmin(scope, user))
            return new UserResult.Refused(LastSysAdmin);
        AccountRows.Delete(scope, user.Id!.Value, user.Name);
        new ChangeWriter(scope, actor, via).Append(ChangeKind.UserDeleted, null, change => change with { User = Users.Snapshot(user) });
        return new UserResult.Saved(user);
    }

    private static bool IsLastSysAdmin(WriteScope scope, HostUser user) =>
        user.Roles.Contains(Roles.SysAdmin) && AccountRows.Count(scope.Connection, Roles.SysAdmin) == 1;

    private static List<ChangedField> Compare(HostUser before, HostUser after)
    {
        var changed = new List<ChangedField>();
        Add("displayName", [before.DisplayName], [after.DisplayName]);
        Add("firstName", One(before.FirstName), One(after.FirstName));
        Add("lastName", One(before.LastName), One(after.LastName));
        Add("email", One(before.Email), One(after.Email));
        Add("roles", [.. before.Roles.Order(StringComparer.Ordinal)], [.. after.Roles.Order(StringComparer.Ordinal)]);
        Add("collectionRoles", Flat(before), Flat(after));
        return changed;

        void Add(string name, List<string> old, List<string> now)
        {
            if (!old.SequenceEqual(now, StringComparer.Ordinal))
                changed.Add(new ChangedField(name, old, now));
        }
    }

    private static List<string> One(string? value) => value is null ? [] : [value];

    private static List<string> Flat(HostUser user) =>
        [.. user.CollectionRoles.SelectMany(pair => pair.Value.Select(role => $"{pair.Key}:{role}")).Order(StringComparer.Ordinal)];

    private static Dictionary<string, IReadOnlyList<string>> Listed(IReadOnlyDictionary<string, IReadOnlySet<string>> roles) =>
        roles.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value]);
}
