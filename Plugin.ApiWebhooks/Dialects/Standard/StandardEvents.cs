using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>The event types of the standard dialect: dot-separated, the subject first, so that <c>record.*</c> takes all of a subject.</summary>
internal static class StandardEvents
{
    private static readonly ChangeKind[] Kinds = Enum.GetValues<ChangeKind>();

    /// <summary>All types.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Select(Of)];

    /// <summary>
    /// The types of notices about the plugin itself. Only their names and <c>webhooks.*</c> ask for them, not <c>*</c>: that stands for the changes, and
    /// who wants the changes is seldom who mends receivers.
    /// </summary>
    public static IReadOnlyList<string> Notices { get; } = [DisabledNotice.Type];

    /// <summary>The type of a kind of change.</summary>
    public static string Of(ChangeKind kind) => kind switch
    {
        ChangeKind.RecordInserted => "record.inserted",
        ChangeKind.RecordAppended => "record.appended",
        ChangeKind.MetadataChanged => "record.metadata_changed",
        ChangeKind.RecordDeleted => "record.deleted",
        ChangeKind.RecordPublished => "record.published",
        ChangeKind.RecordUnpublished => "record.unpublished",
        ChangeKind.FileAdded => "file.added",
        ChangeKind.FileReplaced => "file.replaced",
        ChangeKind.FileDeleted => "file.deleted",
        ChangeKind.WorkflowEventRaised => "workflow.event_raised",
        ChangeKind.WorkflowStateChanged => "workflow.state_changed",
        ChangeKind.FeedEntryPublished => "feed.entry_published",
        ChangeKind.RecordMoved => "record.moved",
        ChangeKind.UserCreated => "user.created",
        ChangeKind.UserChanged => "user.changed",
        ChangeKind.UserDeleted => "user.deleted",
        ChangeKind.RegistrationGranted => "registration.granted",
        ChangeKind.RegistrationRejected => "registration.rejected",
        ChangeKind.OrderCreated => "order.created",
        ChangeKind.OrderDelivered => "order.delivered",
        ChangeKind.OrderDenied => "order.denied",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The notices that an entry of <c>events[]</c> names; empty when it names none.</summary>
    public static IReadOnlyList<string> MatchingNotices(string pattern) =>
        [.. Notices.Where(type => type == pattern || (pattern.Length > 2 && pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.Ordinal)))];

    /// <summary>The kinds that an entry of <c>events[]</c> names; empty when it names none.</summary>
    /// <param name="pattern">A type, a subject followed by <c>.*</c>, or <c>*</c>.</param>
    public static IReadOnlyList<ChangeKind> Matching(string pattern)
    {
        if (pattern == "*")
            return Kinds;
        if (pattern.EndsWith(".*", StringComparison.Ordinal))
            return [.. Kinds.Where(kind => Of(kind).StartsWith(pattern[..^1], StringComparison.Ordinal))];
        return [.. Kinds.Where(kind => Of(kind) == pattern)];
    }
}
