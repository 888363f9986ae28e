using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Registrations;

/// <summary>A user's request for access to a collection, and what became of it.</summary>
internal sealed record Registration
{
    public const string Pending = "pending";
    public const string Granted = "granted";
    public const string Rejected = "rejected";

    public required long Id { get; init; }
    public required long UserId { get; init; }
    public required string UserName { get; init; }
    public required string Collection { get; init; }
    public required long CollectionId { get; init; }
    public string? Note { get; init; }

    /// <summary>One of the three above.</summary>
    public required string State { get; init; }

    /// <summary>When it was asked for, in Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was decided, in Unix milliseconds; null while it is pending.</summary>
    public long? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
}

/// <summary>How work on a registration ended.</summary>
internal abstract record RegistrationResult
{
    private RegistrationResult()
    {
    }

    public sealed record Done(Registration Registration) : RegistrationResult;

    public sealed record Invalid(FieldError Error) : RegistrationResult;

    /// <summary>It makes no sense as things stand.</summary>
    public sealed record Refused(string Reason) : RegistrationResult;

    public sealed record Forbidden(string Reason) : RegistrationResult;

    public sealed record NotFound : RegistrationResult;
}

/// <summary>Takes requests for access to collections, and the decisions on them. A decision is one transaction with the role it gives and its entry in the change log.</summary>
internal sealed class RegistrationDesk(Database database)
{
    private const int LongestNote = 2_000;

    public async Task<RegistrationResult> AskAsync(string collection, string? note, HostUser user, CancellationToken cancellationToken)
    {
        if (note is { Length: > LongestNote })
            return new RegistrationResult.Invalid(new FieldError("note", $"Too long: {note.Length} characters, at most {LongestNote} are allowed."));
        return await database.WriteAsync(scope => Ask(scope, collection, note, user), cancellationToken);
    }

    public Task<RegistrationResult> DecideAsync(long id, bool isGranted, HostUser user, ChangeOrigin via, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => Decide(scope, id, isGranted, user, via), cancellationToken);

    /// <summary>The registrations after an id that a user may see: his own, and those he may decide.</summary>
    /// <param name="state">Only those in this state; null for all.</param>
    public IReadOnlyList<Registration> List(HostUser user, string? state, long after, int limit) =>
        Read(user, "AND r.id > @after ORDER BY r.id", state, after, limit);

    /// <summary>The same registrations, what waits first, then the newest.</summary>
    public IReadOnlyList<Registration> ListForDesk(HostUser user, int limit) =>
        Read(user, "ORDER BY r.state = 'pending' DESC, r.id DESC", null, 0, limit);

    private List<Registration> Read(HostUser user, string order, string? state, long after, int limit) =>
        database.Read(connection => connection.Query<Registration>(
            $"{SelectSql} {VisibleSql} {order} LIMIT @limit",
            new
            {
                state,
                after,
                limit,
                me = user.Id,
                all = user.Roles.Contains(Roles.Admin),
                mine = SqlList.Of(user.CollectionRoles.Where(pair => pair.Value.Contains(Roles.Admin)).Select(pair => pair.Key)),
            }).AsList());

    private static RegistrationResult Ask(WriteScope scope, string collection, string? note, HostUser user)
    {
        if (!Collections.Exists(scope.Connection, collection))
            return new RegistrationResult.Invalid(new FieldError("collection", $"There is no collection '{collection}'."));
        var account = AccountRows.Find(scope.Connection, user.Name);
        if (account is null)
            return new RegistrationResult.Forbidden($"The user {user.Name} is no more.");
        if (account.User.CollectionRoles.ContainsKey(collection))
            return new RegistrationResult.Refused($"The user {user.Name} has access to the collection {collection} already.");
        var id = scope.Connection.ExecuteScalar<long?>(
            InsertSql, new { userId = account.Id, collection, note, now = scope.Now.ToUnixTimeMilliseconds() });
        return id is null
            ? new RegistrationResult.Refused($"The user {user.Name} has asked for access to the collection {collection} already; it is not decided yet.")
            : new RegistrationResult.Done(Find(scope, id.Value)!);
    }

    private static RegistrationResult Decide(WriteScope scope, long id, bool isGranted, HostUser user, ChangeOrigin via)
    {
        if (Find(scope, id) is not { } registration || (registration.UserId != user.Id && !Rights.CanDecideRegistration(user, registration.Collection)))
            return new RegistrationResult.NotFound();
        if (!Rights.CanDecideRegistration(user, registration.Collection))
            return new RegistrationResult.Forbidden($"Deciding on access to the collection {registration.Collection} takes the role {Roles.Admin} in it.");
        if (registration.State != Registration.Pending)
            return new RegistrationResult.Refused($"The registration {id} was {registration.State} already.");

        scope.Connection.Execute(
            DecideSql,
            new { id, state = isGranted ? Registration.Granted : Registration.Rejected, now = scope.Now.ToUnixTimeMilliseconds(), by = user.Name });
        if (isGranted)
            AccountRows.AddRole(scope, registration.UserId, registration.Collection, Roles.Viewer);
        var asker = Users.Snapshot(AccountRows.FindById(scope.Connection, registration.UserId)!.User);
        new ChangeWriter(scope, user, via).Append(
            isGranted ? ChangeKind.RegistrationGranted : ChangeKind.RegistrationRejected,
            null,
            change => change with
            {
                User = asker,
                Registration = new RegistrationSnapshot { Id = id, Collection = new CollectionRef(registration.CollectionId, registration.Collection) },
            });
        return new RegistrationResult.Done(Find(scope, id)!);
    }

    private static Registration? Find(WriteScope scope, long id) =>
        scope.Connection.QueryFirstOrDefault<Registration>(SelectSql + " WHERE r.id = @id", new { id });

    private const string SelectSql = """
        SELECT r.id AS Id, r.user_id AS UserId, u.name AS UserName, r.collection AS Collection, c.id AS CollectionId, r.note AS Note, r.state AS State,
               r.created_at AS CreatedAt, r.decided_at AS DecidedAt, r.decided_by AS DecidedBy
        FROM registrations AS r JOIN users AS u ON u.id = r.user_id JOIN collections AS c ON c.name = r.collection
        """;

    private const string VisibleSql = "WHERE (@state IS NULL OR r.state = @state) AND (@all OR r.user_id = @me OR r.collection IN (SELECT value FROM json_each(@mine)))";

    private const string InsertSql = """
        INSERT INTO registrations (user_id, collection, note, state, created_at)
        VALUES (@userId, @collection, @note, 'pending', @now)
        ON CONFLICT DO NOTHING
        RETURNING id
        """;

    private const string DecideSql = "UPDATE registrations SET state = @state, decided_at = @now, decided_by = @by WHERE id = @id";
}
