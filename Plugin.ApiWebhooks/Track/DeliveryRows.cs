using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Track;

/// <summary>How deliveries and attempts are read from the database.</summary>
internal static class DeliveryRows
{
    /// <summary>The columns that <see cref="ReadDelivery"/> reads, with their tables; the last attempt stands beside its delivery.</summary>
    public const string Select = $"""
        SELECT d.id, d.subscription_id, s.key, s.label, m.kind, m.record_id, m.change_sequence, m.change_id, m.occurred_at,
               d.state, d.attempts, d.created_at, CASE WHEN d.state IN ('pending', 'waiting') THEN d.due_at END, d.finished_at,
               r.reason, r.detail,
               CASE WHEN d.state = 'pending' AND d.due_at IS NULL THEN (
                   SELECT o.id FROM delivery o WHERE o.subscription_id = d.subscription_id AND o.stream = d.stream AND o.due_at IS NOT NULL) END,
               {Attempt}
        FROM delivery d
        JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence
        JOIN subscription s ON s.id = d.subscription_id
        LEFT JOIN refusal r ON r.delivery_id = d.id
        LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = (SELECT max(number) FROM attempt WHERE delivery_id = d.id)
        LEFT JOIN request_head h ON h.id = a.request_head
        """;

    /// <summary>Every attempt of the delivery <c>@id</c>, oldest first.</summary>
    public const string SelectAttempts = $"SELECT {Attempt} FROM attempt a LEFT JOIN request_head h ON h.id = a.request_head WHERE a.delivery_id = @id ORDER BY a.number";

    private const string Attempt = """
        a.number, a.started_at, a.duration_ms, a.outcome, a.status, a.url, a.detail, a.answer_type, a.answer, a.answer_cut,
        coalesce(h.lines, a.request_lines), a.answer_head, a.dns_us, a.connect_us, a.tls_us, a.first_byte_us, a.body_us
        """;

    private const int OfAttempt = 17;

    /// <summary>A delivery of <see cref="Select"/>.</summary>
    public static DeliveryEntry ReadDelivery(DbDataReader row)
    {
        var (subscriptionId, changeId) = (row.GetInt64(1), Guid.Parse(row.GetString(7)));
        return new DeliveryEntry
        {
            Id = row.GetInt64(0),
            SubscriptionId = subscriptionId,
            SubscriptionKey = row.GetString(2),
            SubscriptionLabel = row.GetString(3),
            MessageId = MessageId.Of(changeId, subscriptionId),
            Kind = row.GetString(4),
            RecordId = row.FindNumber(5),
            ChangeSequence = row.GetInt64(6),
            ChangeId = changeId,
            OccurredAt = row.GetInstant(8),
            State = StateNames.Delivery(row.GetString(9)),
            Attempts = row.GetInt32(10),
            CreatedAt = row.GetInstant(11),
            NextAttemptAt = row.FindInstant(12),
            FinishedAt = row.FindInstant(13),
            Refusal = row.IsDBNull(14) ? null : new Refusal(row.GetString(14), row.GetString(15)),
            WaitsFor = row.FindNumber(16),
            LastAttempt = row.IsDBNull(OfAttempt) ? null : ReadAttempt(row, OfAttempt),
        };
    }

    /// <summary>An attempt, its columns from one on.</summary>
    public static AttemptEntry ReadAttempt(DbDataReader row, int first = 0) => new()
    {
        Number = row.GetInt32(first),
        StartedAt = row.GetInstant(first + 1),
        Duration = TimeSpan.FromMilliseconds(row.GetInt64(first + 2)),
        Outcome = row.GetString(first + 3),
        Status = row.IsDBNull(first + 4) ? null : row.GetInt32(first + 4),
        Url = row.GetString(first + 5),
        Detail = row.FindString(first + 6),
        AnswerType = row.FindString(first + 7),
        Answer = row.IsDBNull(first + 8) ? default : row.GetFieldValue<byte[]>(first + 8),
        AnswerCut = row.GetInt64(first + 9) != 0,
        RequestHead = row.FindString(first + 10),
        AnswerHead = row.FindString(first + 11),
        Times = new PhaseTimes
        {
            Dns = Micros(row, first + 12),
            Connect = Micros(row, first + 13),
            Tls = Micros(row, first + 14),
            FirstByte = Micros(row, first + 15),
            Body = Micros(row, first + 16),
        },
    };

    private static long? FindNumber(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static TimeSpan? Micros(DbDataReader row, int column) => row.FindNumber(column) is { } micros ? TimeSpan.FromMicroseconds(micros) : null;
}
