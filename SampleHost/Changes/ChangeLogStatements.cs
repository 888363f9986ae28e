namespace SampleHost.Changes;

/// <summary>The statements of the change log that differ between the database systems.</summary>
internal sealed record ChangeLogStatements
{
    /// <summary>Appends a change and answers its sequence.</summary>
    public required string Append { get; init; }

    /// <summary>The first sequence since a time.</summary>
    public required string FirstSince { get; init; }

    /// <summary>The last sequence before a time.</summary>
    public required string LastBefore { get; init; }

    public static ChangeLogStatements Sqlite { get; } = new()
    {
        Append = """
            INSERT INTO changes (id, kind, record_id, occurred_at, body)
            VALUES (@id, @kind, @recordId, @occurredAt, @body)
            RETURNING sequence
            """,
        // By the narrow index: the changes themselves are long, and SQLite would rather read those.
        FirstSince = "SELECT min(sequence) FROM changes INDEXED BY changes_by_time WHERE occurred_at >= @at",
        LastBefore = "SELECT max(sequence) FROM changes INDEXED BY changes_by_time WHERE occurred_at < @at",
    };

    public static ChangeLogStatements Postgres { get; } = new()
    {
        // Counted, not drawn from a sequence object: those have gaps after a rollback. The writers take turns, and the newest change is never removed.
        Append = """
            INSERT INTO changes (sequence, id, kind, record_id, occurred_at, body)
            SELECT coalesce(max(sequence), 0) + 1, @id, @kind, @recordId, @occurredAt, @body FROM changes
            RETURNING sequence
            """,
        FirstSince = "SELECT min(sequence) FROM changes WHERE occurred_at >= @at",
        LastBefore = "SELECT max(sequence) FROM changes WHERE occurred_at < @at",
    };
}
