using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Accounts;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Orders;

/// <summary>An order of records, and what became of it.</summary>
internal sealed record Order
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Denied = "denied";

    public required long Id { get; init; }
    public required long UserId { get; init; }
    public required string UserName { get; init; }
    public string? Note { get; init; }

    /// <summary>One of the three above.</summary>
    public required string State { get; init; }

    /// <summary>When it was made, in Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was decided, in Unix milliseconds; null while it is pending.</summary>
    public long? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }

    /// <summary>What was ordered, in the order in which it was named.</summary>
    public IReadOnlyList<long> RecordIds { get; init; } = [];
}

/// <summary>How work on an order ended.</summary>
internal abstract record OrderResult
{
    private OrderResult()
    {
    }

    public sealed record Done(Order Order) : OrderResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : OrderResult;

    /// <summary>It makes no sense as things stand.</summary>
    public sealed record Refused(string Reason) : OrderResult;

    public sealed record Forbidden(string Reason) : OrderResult;

    public sealed record NotFound : OrderResult;
}

/// <summary>
/// Takes orders of records and notes that they were delivered or denied, each in one transaction with its entry in the change log. An order changes nobody's rights: how
/// the copies reach who ordered them is the affair of whoever delivers.
/// </summary>
internal sealed class OrderDesk(Database database, ContentTypes types)
{
    private const int MostRecords = 200;
    private const int LongestNote = 2_000;

    public async Task<OrderResult> CreateAsync(IReadOnlyList<long> recordIds, string? note, HostUser user, ChangeOrigin via, CancellationToken cancellationToken)
    {
        var ids = recordIds.Distinct().ToList();
        if (ids.Count is 0 or > MostRecords)
            return new OrderResult.Invalid([new FieldError("records", $"Name 1 to {MostRecords} records by their ids; {ids.Count} were named.")]);
        if (note is { Length: > LongestNote })
            return new OrderResult.Invalid([new FieldError("note", $"Too long: {note.Length} characters, at most {LongestNote} are allowed.")]);
        return await database.WriteAsync(scope => Create(scope, ids, note, user, via), cancellationToken);
    }

    public Task<OrderResult> DecideAsync(long id, bool isDelivered, HostUser user, ChangeOrigin via, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => Decide(scope, id, isDelivered, user, via), cancellationToken);

    /// <summary>The orders after an id that a user may see: his own, and all of them for who decides.</summary>
    /// <param name="state">Only those in this state; null for all.</param>
    public IReadOnlyList<Order> List(HostUser user, string? state, long after, int limit) => Read(user, "AND o.id > @after ORDER BY o.id", state, after, limit);

    /// <summary>The same orders, what waits first, then the newest.</summary>
    public IReadOnlyList<Order> ListForDesk(HostUser user, int limit) => Read(user, "ORDER BY o.state = 'pending' DESC, o.id DESC", null, 0, limit);

    private List<Order> Read(HostUser user, string order, string? state, long after, int limit) =>
        database.Read(connection =>
        {
            var orders = connection.Query<Order>(
                $"{SelectSql} {VisibleSql} {order} LIMIT @limit", new { state, after, limit, me = user.Id, all = Rights.CanDecideOrder(user) }).AsList();
            var records = connection.Query<(long OrderId, long RecordId)>(
                "SELECT order_id, record_id FROM order_records WHERE order_id IN (SELECT CAST(value AS bigint) FROM json_each(@ids)) ORDER BY order_id, position",
                new { ids = SqlList.Of(orders.Select(one => one.Id)) })
                .ToLookup(row => row.OrderId, row => row.RecordId);
            return orders.Select(one => one with { RecordIds = records[one.Id].ToList() }).ToList();
        });

    private OrderResult Create(WriteScope scope, List<long> ids, string? note, HostUser user, ChangeOrigin via)
    {
        if (AccountRows.Find(scope.Connection, user.Name) is not { } account)
            return new OrderResult.Forbidden($"The user {user.Name} is no more.");
        var hidden = ids.Where(id => RecordRows.Read(scope.Connection, types, id) is not { } record || !Rights.CanSee(user, record)).ToList();
        if (hidden.Count > 0)
            return new OrderResult.Invalid([.. hidden.Select(id => new FieldError("records", $"There is no record {id}."))]);

        var orderId = scope.Connection.ExecuteScalar<long>(InsertSql, new { userId = account.Id, note, now = scope.Now.ToUnixTimeMilliseconds() });
        for (var position = 0; position < ids.Count; position++)
        {
            scope.Connection.Execute(
                "INSERT INTO order_records (order_id, position, record_id) VALUES (@orderId, @position, @recordId)", new { orderId, position, recordId = ids[position] });
        }

        return Log(scope, orderId, ChangeKind.OrderCreated, user, via);
    }

    private static OrderResult Decide(WriteScope scope, long id, bool isDelivered, HostUser user, ChangeOrigin via)
    {
        if (Find(scope.Connection, id) is not { } order || (order.UserId != user.Id && !Rights.CanDecideOrder(user)))
            return new OrderResult.NotFound();
        if (!Rights.CanDecideOrder(user))
            return new OrderResult.Forbidden($"Delivering and denying orders takes the role {Roles.Admin}.");
        if (order.State != Order.Pending)
            return new OrderResult.Refused($"The order {id} was {order.State} already.");
        scope.Connection.Execute(
            "UPDATE orders SET state = @state, decided_at = @now, decided_by = @by WHERE id = @id",
            new { id, state = isDelivered ? Order.Delivered : Order.Denied, now = scope.Now.ToUnixTimeMilliseconds(), by = user.Name });
        return Log(scope, id, isDelivered ? ChangeKind.OrderDelivered : ChangeKind.OrderDenied, user, via);
    }

    private static OrderResult.Done Log(WriteScope scope, long id, ChangeKind kind, HostUser user, ChangeOrigin via)
    {
        var order = Find(scope.Connection, id)!;
        var snapshot = new OrderSnapshot
        {
            Id = id,
            User = Users.Snapshot(AccountRows.FindById(scope.Connection, order.UserId)!.User),
            RecordIds = order.RecordIds,
            State = order.State,
        };
        new ChangeWriter(scope, user, via).Append(kind, null, change => change with { Order = snapshot });
        return new OrderResult.Done(order);
    }

    private static Order? Find(DbConnection connection, long id) =>
        connection.QueryFirstOrDefault<Order>(SelectSql + " WHERE o.id = @id", new { id }) is { } order
            ? order with { RecordIds = connection.Query<long>("SELECT record_id FROM order_records WHERE order_id = @id ORDER BY position", new { id }).AsList() }
            : null;

    private const string SelectSql = """
        SELECT o.id AS Id, o.user_id AS UserId, u.name AS UserName, o.note AS Note, o.state AS State, o.created_at AS CreatedAt,
               o.decided_at AS DecidedAt, o.decided_by AS DecidedBy
        FROM orders AS o JOIN users AS u ON u.id = o.user_id
        """;

    private const string VisibleSql = "WHERE (@state IS NULL OR o.state = @state) AND (@all OR o.user_id = @me)";

    private const string InsertSql = """
        INSERT INTO orders (user_id, note, state, created_at)
        VALUES (@userId, @note, 'pending', @now)
        RETURNING id
        """;
}
