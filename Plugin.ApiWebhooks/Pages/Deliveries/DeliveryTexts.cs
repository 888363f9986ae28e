using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>The words of the pages of deliveries, in one language.</summary>
public sealed partial record DeliveryTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string Filter { get; init; }
    public required string NoFilter { get; init; }
    public required string AnySubscription { get; init; }
    public required string AnyState { get; init; }
    public required string EventHint { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Utc { get; init; }
    public required string Status { get; init; }
    public required string StatusHint { get; init; }
    public required string Text { get; init; }
    public required string TextHint { get; init; }
    public required string NoneYet { get; init; }
    public required string NoneMatch { get; init; }
    public required string NoneSoFar { get; init; }
    public required string NotUnderstood { get; init; }
    public required string Older { get; init; }
    public required string Newest { get; init; }
    public required string LookedBackTo { get; init; }
    public required string LookFurther { get; init; }
    public required string Looking { get; init; }
    public required string StopLooking { get; init; }
    public required string Reload { get; init; }
    public required string Live { get; init; }
    public required string Pause { get; init; }
    public required string GoOn { get; init; }
    public required string Paused { get; init; }
    public required string Broken { get; init; }

    /// <summary>{0} is how many.</summary>
    public required string NewOnes { get; init; }
    public required string Delivery { get; init; }
    public required string NotThere { get; init; }
    public required string MessageId { get; init; }
    public required string Change { get; init; }
    public required string Happened { get; init; }
    public required string Finished { get; init; }
    public required string WaitsFor { get; init; }
    public required string Resend { get; init; }
    public required string ResendHint { get; init; }
    public required string Cancel { get; init; }
    public required string Resent { get; init; }
    public required string ResentLater { get; init; }
    public required string Cancelled { get; init; }
    public required string NotNow { get; init; }
    public required string NoMessage { get; init; }
    public required string Blocked { get; init; }
    public required string OnceMore { get; init; }
    public required string Refused { get; init; }
    public required string AttemptsMade { get; init; }
    public required string NoAttempts { get; init; }
    public required string Attempt { get; init; }
    public required string Took { get; init; }
    public required string WhatToDo { get; init; }
    public required string Phases { get; init; }
    public required string Dns { get; init; }
    public required string Connect { get; init; }
    public required string Tls { get; init; }
    public required string FirstByte { get; init; }
    public required string AnswerBody { get; init; }
    public required string Reused { get; init; }
    public required string NotKept { get; init; }
    public required string Request { get; init; }
    public required string Answer { get; init; }
    public required string NoAnswer { get; init; }
    public required string Headers { get; init; }
    public required string MoreHeaders { get; init; }
    public required string Body { get; init; }
    public required string EmptyBody { get; init; }

    /// <summary>{0} is how many bytes.</summary>
    public required string NoText { get; init; }
    public required string IsCut { get; init; }
    public required string SameBytes { get; init; }
    public required string Download { get; init; }
    public required string Curl { get; init; }
    public required string CurlHint { get; init; }
    public required string Copy { get; init; }
    public required string Copied { get; init; }
    public required IReadOnlyDictionary<string, string> Failures { get; init; }
    public required IReadOnlyDictionary<string, string> Advices { get; init; }
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static DeliveryTexts In(string language) => Languages.IsFrench(language) ? French : English;

    /// <summary>An outcome in words.</summary>
    public string FailureOf(string name) => Failures.GetValueOrDefault(name, name);

    /// <summary>What to do about an outcome; null for nothing.</summary>
    internal string? AdviceFor(string name) => Enum.TryParse<AttemptOutcome>(name, out var outcome) && outcome != AttemptOutcome.Succeeded
        ? Advices.GetValueOrDefault(name) ?? Advice.For(outcome)
        : null;

    /// <summary>What is wrong with a parameter.</summary>
    internal string FaultOf(QueryFault fault) => Faults[(int)fault];
}
