using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>How attempts are stored, with the heads of requests that they have in common.</summary>
internal static class AttemptRows
{
    /// <summary>The reason of a failure without an attempt.</summary>
    public const string UnknownFailure = "Unknown";

    /// <summary>Stores an attempt.</summary>
    /// <returns>False when there is one of that number already.</returns>
    public static bool Insert(PluginConnection c, string sql, long deliveryId, AttemptRecord attempt) => Add(c.Hot(sql).Add(deliveryId), attempt).Run() == 1;

    /// <summary>Adds the values of an attempt, but for its delivery and its number.</summary>
    public static TRow Add<TRow>(TRow row, AttemptRecord attempt)
        where TRow : RowValues =>
        row.Add(attempt.StartedAt).Add((long)attempt.Duration.TotalMilliseconds).Add(attempt.Outcome)
            .Add(attempt.Status).Add(attempt.Url).Add(attempt.Detail).Add(attempt.AnswerType).AddBlobOrNull(attempt.Answer)
            .Add(attempt.AnswerCut ? 1 : 0)
            .Add(attempt.RequestHead?.Id).Add(attempt.RequestHead is { Id: null, Text: var own } ? own : null).Add(attempt.AnswerHead)
            .Add(Micros(attempt.Times.Dns)).Add(Micros(attempt.Times.Connect)).Add(Micros(attempt.Times.Tls)).Add(Micros(attempt.Times.FirstByte)).Add(Micros(attempt.Times.Body));

    /// <summary>Stores the heads of requests that attempts refer to.</summary>
    /// <remarks>Once for each that occurs in a batch: what is in the table is never taken for granted, since a batch may be undone and retention clears.</remarks>
    public static void NoteHeads(PluginConnection c, QueueStatements sql, IReadOnlyList<Settlement> settlements, DateTimeOffset now)
    {
        RequestHead? last = null;
        foreach (var settlement in settlements)
        {
            if (settlement.Attempt?.RequestHead is not { Id: { } id } head || ReferenceEquals(head, last))
                continue;
            c.Hot(sql.NoteHead).Add(id).Add(head.Text).Add(now).Run();
            last = head;
        }
    }

    private static long? Micros(TimeSpan? time) => time is { } span ? span.Ticks / TimeSpan.TicksPerMicrosecond : null;
}
