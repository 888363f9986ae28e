using System.Text;
using System.Text.Json.Serialization;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>A page of a list; <paramref name="Next"/> is what to give as <c>after</c> for the following page, null at the end.</summary>
internal sealed record SubscriptionPage(IReadOnlyList<SubscriptionView> Subscriptions, long? Next);

/// <inheritdoc cref="SubscriptionPage"/>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, long? Next);

/// <summary>Presses, newest first.</summary>
/// <param name="Presses">The presses.</param>
/// <param name="Next">The value of <c>before</c> for the next page, null when there is none.</param>
internal sealed record PressList(IReadOnlyList<PressView> Presses, string? Next);

/// <summary>What a hook signs with from now on. The secret is shown this once; of a key pair only the public half is ever shown.</summary>
internal sealed record RotatedSecret(string? Secret, string? PublicKey, DateTimeOffset FormerValidUntil)
{
    public static RotatedSecret From(Rotation rotation) => new(rotation.Secret?.Reveal(), rotation.Key?.PublicText, rotation.FormerValidUntil);
}

/// <summary>A delivery for the management API.</summary>
internal sealed record DeliveryView
{
    public required long Id { get; init; }

    public required long SubscriptionId { get; init; }

    public required string Subscription { get; init; }

    public required string MessageId { get; init; }

    public required string Event { get; init; }

    public long? RecordId { get; init; }

    public required long ChangeSequence { get; init; }

    public required Guid ChangeId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string State { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The delivery that comes first, where a hook is sent changes in order; null when none does.</summary>
    public long? WaitsFor { get; init; }

    public AttemptView? LastAttempt { get; init; }

    /// <summary>Why no message could be made: MessageTooLarge or NotRendered. Only where that is so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }

    /// <summary>What exactly, and what to do. Only where no message could be made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefusalDetail { get; init; }

    /// <summary>Every attempt, oldest first; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AttemptView>? Attempts { get; init; }

    /// <summary>The message's media type; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContentType { get; init; }

    /// <summary>The bytes that are sent, as text; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    public static DeliveryView From(DeliveryEntry entry) => new()
    {
        Id = entry.Id,
        SubscriptionId = entry.SubscriptionId,
        Subscription = entry.SubscriptionKey,
        MessageId = entry.MessageId,
        Event = entry.Kind,
        RecordId = entry.RecordId,
        ChangeSequence = entry.ChangeSequence,
        ChangeId = entry.ChangeId,
        OccurredAt = entry.OccurredAt,
        State = StateNames.Of(entry.State),
        AttemptCount = entry.Attempts,
        CreatedAt = entry.CreatedAt,
        NextAttemptAt = entry.NextAttemptAt,
        FinishedAt = entry.FinishedAt,
        WaitsFor = entry.WaitsFor,
        LastAttempt = entry.LastAttempt is { } attempt ? AttemptView.From(attempt) : null,
        Refusal = entry.Refusal?.Reason,
        RefusalDetail = entry.Refusal?.Detail,
    };

    public static DeliveryView From(DeliveryStory story) => From(story.Delivery) with
    {
        Attempts = [.. story.Attempts.Select(attempt => AttemptView.From(story, attempt))],
        ContentType = story.ContentType,
        Body = Encoding.UTF8.GetString(story.Body.Span),
    };
}

/// <summary>An attempt for the management API.</summary>
internal sealed record AttemptView
{
    public required int Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required long DurationMs { get; init; }

    public required string Outcome { get; init; }

    public int? Status { get; init; }

    public required string Url { get; init; }

    public string? Detail { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    public string? AnswerType { get; init; }

    /// <summary>The beginning of the answer, as text.</summary>
    public string? Answer { get; init; }

    public required bool AnswerCut { get; init; }

    /// <summary>How long each phase took; null for an attempt from before this was kept.</summary>
    public TimingsView? Timings { get; init; }

    /// <summary>The method; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>The request's header lines as they were sent, stars for secrets; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeaderView>? RequestHeaders { get; init; }

    /// <summary>The answer's header lines, stars for secrets; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeaderView>? AnswerHeaders { get; init; }

    /// <summary>Whether the answer had more header lines than are kept; only where one delivery is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? AnswerHeadersCut { get; init; }

    public static AttemptView From(DeliveryStory story, AttemptEntry attempt)
    {
        var (request, answer) = (SentRequest.Of(story, attempt), KeptAnswer.HeadersOf(attempt.AnswerHead));
        return From(attempt) with
        {
            Method = request?.Method,
            RequestHeaders = request is null ? null : [.. request.Headers.Select(header => new HeaderView(header.Key, header.Value))],
            AnswerHeaders = attempt.AnswerHead is null ? null : [.. answer.Headers.Select(header => new HeaderView(header.Key, header.Value))],
            AnswerHeadersCut = attempt.AnswerHead is null ? null : answer.IsCut,
        };
    }

    public static AttemptView From(AttemptEntry attempt) => new()
    {
        Number = attempt.Number,
        StartedAt = attempt.StartedAt,
        DurationMs = (long)attempt.Duration.TotalMilliseconds,
        Outcome = attempt.Outcome,
        Status = attempt.Status,
        Url = attempt.Url,
        Detail = attempt.Detail,
        Advice = Enum.TryParse<AttemptOutcome>(attempt.Outcome, ignoreCase: true, out var outcome) ? Send.Advice.For(outcome) : null,
        AnswerType = attempt.AnswerType,
        Answer = attempt.Answer.IsEmpty ? null : Encoding.UTF8.GetString(attempt.Answer.Span),
        AnswerCut = attempt.AnswerCut,
        Timings = attempt.Times == default ? null : new TimingsView(
            attempt.Times.Dns?.TotalMilliseconds, attempt.Times.Connect?.TotalMilliseconds, attempt.Times.Tls?.TotalMilliseconds,
            attempt.Times.FirstByte?.TotalMilliseconds, attempt.Times.Body?.TotalMilliseconds, attempt.IsConnectionReused),
    };
}

/// <summary>How long the phases of an attempt took, in milliseconds; null for one that did not happen.</summary>
/// <param name="DnsMs">Looking up the name.</param>
/// <param name="ConnectMs">Connecting.</param>
/// <param name="TlsMs">The TLS handshake.</param>
/// <param name="FirstByteMs">To the first of the answer.</param>
/// <param name="BodyMs">Reading the answer's body.</param>
/// <param name="ConnectionReused">Whether it was answered on a connection that was not opened for it; null when it was not answered.</param>
internal sealed record TimingsView(double? DnsMs, double? ConnectMs, double? TlsMs, double? FirstByteMs, double? BodyMs, bool? ConnectionReused);

/// <summary>A press for the management API.</summary>
internal sealed record PressView
{
    public required string Key { get; init; }

    public required string Button { get; init; }

    public required string Label { get; init; }

    public required long RecordId { get; init; }

    public required string Pid { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset PressedAt { get; init; }

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>unknown</c>.</summary>
    public required string State { get; init; }

    /// <summary>The class of the outcome, null while it runs or when nobody knows.</summary>
    public string? Outcome { get; init; }

    public int? Status { get; init; }

    public string? Reason { get; init; }

    public long? DurationMs { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Location { get; init; }

    public string? Detail { get; init; }

    /// <summary>What the target itself said.</summary>
    public string? Message { get; init; }

    public required string Url { get; init; }

    /// <summary>Header lines with starred values, an empty line, the body. For administrators.</summary>
    public string? Request { get; init; }

    /// <summary>The beginning of the answer. For administrators.</summary>
    public string? Answer { get; init; }

    public static PressView From(PressLogEntry entry, bool isForAdministrator) => new()
    {
        Key = entry.PressKey,
        Button = entry.ButtonKey,
        Label = entry.ButtonLabel,
        RecordId = entry.RecordId,
        Pid = entry.RecordPid,
        User = entry.UserName,
        PressedAt = entry.PressedAt,
        State = entry.StateName,
        Outcome = entry.End?.Outcome?.ToString(),
        Status = entry.End?.Status,
        Reason = entry.End?.Reason,
        DurationMs = (long?)entry.End?.Duration?.TotalMilliseconds,
        EndedAt = entry.End?.EndedAt,
        Location = entry.End?.Location,
        Detail = entry.End?.Detail,
        Message = entry.End?.Message,
        Url = entry.Url,
        Request = isForAdministrator ? entry.Request : null,
        Answer = isForAdministrator ? entry.End?.Answer : null,
    };
}
