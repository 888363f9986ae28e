using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The statements of <see cref="DeliveryQueue"/>, one set for each engine. "Now" is always a value, never the engine's clock.</summary>
internal sealed record QueueStatements
{
    private const string SelectClaimable = """
        SELECT d.id, d.change_sequence, m.change_id, m.kind, d.attempts, m.occurred_at, m.content_type, m.body, d.stream, m.trace_parent, m.address_values
        FROM delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence
        """;

    // The most bytes of bodies that are read at once where all rows are; see BodiesWithin.
    private const int MostBytesRead = 8 * 1024 * 1024;

    /// <summary>The columns of an attempt, in the order in which <see cref="AttemptRows"/> adds their values.</summary>
    public const string AttemptColumns = """
        delivery_id, number, started_at, duration_ms, outcome, status, url, detail, answer_type, answer, answer_cut,
        request_head, request_lines, answer_head, dns_us, connect_us, tls_us, first_byte_us, body_us
        """;

    /// <summary>The embedded engine. Statements run row by row: there is no network between, and a prepared one costs microseconds.</summary>
    public static QueueStatements Sqlite { get; } = new()
    {
        OpenSession = "INSERT INTO session (started_at) VALUES (@now) RETURNING id",

        ReadPosition = "SELECT position FROM reader WHERE name = @name",

        StartReader = "INSERT INTO reader (name, position) VALUES (@name, @position) ON CONFLICT DO NOTHING",

        // Moves only from where the batch was read: of two readers one wins, and a batch is stored once.
        MoveReader = "UPDATE reader SET position = @to WHERE name = @name AND position = @from",

        InsertMessage = """
            INSERT INTO message (change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body, trace_parent, address_values)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,

        InsertDelivery = """
            INSERT INTO delivery (id, message_id, state, due_at, lease_token, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING
            """,

        // The state is spelt out so that the partial index serves, first what waited longest.
        FindDue = $"""
            {SelectClaimable} WHERE d.due_at IS NOT NULL AND d.subscription_id = ?1 AND d.state = 'waiting' AND d.due_at <= ?2
            ORDER BY d.due_at LIMIT ?3
            """,

        // Nothing waits that long: the clock that stored it was ahead of the present one.
        FindMisdated = $"""
            {SelectClaimable} WHERE d.due_at IS NOT NULL AND d.subscription_id = ?1 AND d.state = 'waiting' AND d.due_at > ?2
            ORDER BY d.due_at LIMIT ?3
            """,

        // Due whatever the clock says: it may have been set back.
        FindPending = $"""
            {SelectClaimable} WHERE d.due_at IS NOT NULL AND d.subscription_id = ?1 AND d.state = 'pending'
            ORDER BY d.due_at, d.id LIMIT ?3
            """,

        // A lease of this session is in this process's memory: it is renewed or settled, never claimed again.
        FindLapsed = $"""
            {SelectClaimable} WHERE d.due_at IS NOT NULL AND d.subscription_id = ?1 AND d.state = 'in_flight' AND d.due_at <= ?2
                AND d.lease_token >> 32 <> ?4
            ORDER BY d.due_at, d.id LIMIT ?3
            """,

        FindNextDue = """
            SELECT due_at FROM delivery
            WHERE due_at IS NOT NULL AND subscription_id = @subscription AND state = 'waiting' ORDER BY due_at LIMIT 1
            """,

        FindOne = $"{SelectClaimable} WHERE d.id = ?1",

        Claim = new RowStatement("UPDATE delivery SET state = 'in_flight', due_at = ?3, lease_token = ?2 WHERE id = ?1"),

        Deliver = """
            UPDATE delivery SET state = 'delivered', due_at = NULL, lease_token = NULL, attempts = attempts + 1, finished_at = ?3, failure = NULL
            WHERE id = ?1 AND lease_token = ?2
            """,

        Retry = """
            UPDATE delivery SET state = 'waiting', due_at = ?3, lease_token = NULL, attempts = attempts + 1, failure = ?4 WHERE id = ?1 AND lease_token = ?2
            """,

        Exhaust = """
            UPDATE delivery SET state = 'exhausted', due_at = NULL, lease_token = NULL, attempts = attempts + 1, finished_at = ?3, failure = ?4
            WHERE id = ?1 AND lease_token = ?2
            """,

        Release = "UPDATE delivery SET state = 'pending', due_at = created_at, lease_token = NULL WHERE id = ?1 AND lease_token = ?2",

        Renew = new RowStatement("UPDATE delivery SET due_at = ?3 WHERE id = ?1 AND lease_token = ?2"),

        // Whatever another session left in flight: a subscription is served by one at a time, so that session is over or has nothing to say here.
        TakeOver = new RowStatement("""
            UPDATE delivery SET state = 'pending', due_at = created_at, lease_token = NULL
            WHERE due_at IS NOT NULL AND subscription_id = ?1 AND state = 'in_flight' AND lease_token >> 32 <> ?2
            """),

        ReleaseLost = """
            UPDATE delivery SET state = 'pending', due_at = created_at, lease_token = NULL
            WHERE due_at IS NOT NULL AND subscription_id = @subscription AND state = 'in_flight' AND lease_token = @token
            """,

        // Almost every delivery has one attempt. Does nothing when there is a first one already.
        InsertFirstAttempt = $"""
            INSERT INTO attempt ({AttemptColumns})
            VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) ON CONFLICT DO NOTHING
            """,

        // The number is counted here: an attempt that ended after its lease may have been overtaken by its successor's.
        InsertAttempt = $"""
            INSERT INTO attempt ({AttemptColumns})
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE delivery_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            """,

        // The time is kept to the day: a head in use is written once a day, and otherwise only looked up.
        NoteHead = """
            INSERT INTO request_head (id, lines, used_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at WHERE request_head.used_at < excluded.used_at - 86400000
            """,

        CountAttempts = "SELECT coalesce(max(number), 0) FROM attempt WHERE delivery_id = ?1",

        ReadSubscriptions = "SELECT id, key, label, state, state_reason, starts_after, created_at, failing_since, disabled_way, ordering, reorders FROM subscription ORDER BY id",

        TurnSubscription = "UPDATE subscription SET failing_since = @failing WHERE id = @id",

        InsertSubscription = """
            INSERT INTO subscription (key, label, state, state_reason, starts_after, created_at, ordering)
            VALUES (@key, @label, @state, @reason, @after, @now, @ordering) RETURNING id
            """,

        UpdateSubscription = """
            UPDATE subscription
            SET label = @label, state = @state, state_reason = @reason, starts_after = @after, failing_since = @failing, disabled_way = @way,
                ordering = @ordering, reorders = @reorders
            WHERE id = @id
            """,
    };

    /// <summary>PostgreSQL: the same, but for what differs by name here.</summary>
    public static QueueStatements Postgres { get; } = Sqlite with
    {
        // And only as matched by the subscriptions as they are: another node may have changed them, and promised somebody what comes from then on.
        MoveReader = Sqlite.MoveReader + " AND (@version::bigint IS NULL OR @version = (SELECT number FROM shared_version WHERE name = 'subscriptions'))",

        // SQLite tells the number of the row it inserted last.
        InsertMessage = Sqlite.InsertMessage + " RETURNING id",

        FindDue = BodiesWithin(Sqlite.FindDue),
        FindMisdated = BodiesWithin(Sqlite.FindMisdated),
        FindPending = BodiesWithin(Sqlite.FindPending),
        FindLapsed = BodiesWithin(Sqlite.FindLapsed),

        Claim = new RowStatement(Sqlite.Claim.One, """
            UPDATE delivery d SET state = 'in_flight', due_at = u.due_at, lease_token = u.token FROM unnest($1, $2, $3) AS u (id, token, due_at) WHERE d.id = u.id
            """),

        Renew = new RowStatement(Sqlite.Renew.One, """
            UPDATE delivery d SET due_at = u.due_at FROM unnest($1, $2, $3) AS u (id, token, due_at) WHERE d.id = u.id AND d.lease_token = u.token
            """),

        TakeOver = new RowStatement(Sqlite.TakeOver.One, """
            UPDATE delivery d SET state = 'pending', due_at = d.created_at, lease_token = NULL FROM unnest($1, $2) AS u (subscription_id, session)
            WHERE d.due_at IS NOT NULL AND d.subscription_id = u.subscription_id AND d.state = 'in_flight' AND d.lease_token >> 32 <> u.session
            """),
    };

    // The deliveries first, and what another node claims at this moment is not waited for: of the two tables joined the planner would expect a single row, and sort
    // everything that is owed. Bodies come up to the one that passes the limit: behind it there is none, and it is left out. Large ones lie beside their rows, so that
    // their lengths are known without reading them.
    private static string BodiesWithin(string find) => $"""
        WITH found AS MATERIALIZED (
            SELECT d.id, d.change_sequence, d.message_id, d.attempts, d.stream, d.due_at FROM delivery d
            {find[SelectClaimable.Length..]} FOR UPDATE SKIP LOCKED)
        SELECT d.id, d.change_sequence, m.change_id, m.kind, d.attempts, m.occurred_at, m.content_type,
            CASE WHEN sum(octet_length(m.body)) OVER (ORDER BY d.due_at, d.id) - octet_length(m.body) <= {MostBytesRead} THEN m.body END,
            d.stream, m.trace_parent, m.address_values
        FROM found d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence ORDER BY d.due_at, d.id
        """;

    public required string OpenSession { get; init; }

    public required string ReadPosition { get; init; }

    public required string StartReader { get; init; }

    public required string MoveReader { get; init; }

    public required string InsertMessage { get; init; }

    public required string InsertDelivery { get; init; }

    public required string FindDue { get; init; }

    public required string FindMisdated { get; init; }

    public required string FindPending { get; init; }

    public required string FindLapsed { get; init; }

    public required string FindNextDue { get; init; }

    public required string FindOne { get; init; }

    public required RowStatement Claim { get; init; }

    public required string Deliver { get; init; }

    public required string Retry { get; init; }

    public required string Exhaust { get; init; }

    public required string Release { get; init; }

    public required RowStatement Renew { get; init; }

    public required RowStatement TakeOver { get; init; }

    public required string ReleaseLost { get; init; }

    public required string InsertFirstAttempt { get; init; }

    public required string InsertAttempt { get; init; }

    public required string CountAttempts { get; init; }

    public required string NoteHead { get; init; }

    public required string ReadSubscriptions { get; init; }

    public required string TurnSubscription { get; init; }

    public required string InsertSubscription { get; init; }

    public required string UpdateSubscription { get; init; }
}
