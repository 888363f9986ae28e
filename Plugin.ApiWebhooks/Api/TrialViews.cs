using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Api;

/// <summary>A message that was really sent to try a subscription, and what came back.</summary>
internal sealed record TestView
{
    /// <summary>The event, as the dialect calls it.</summary>
    public required string Event { get; init; }

    /// <summary>Whether it is of the example's record and not of one that was named.</summary>
    public required bool IsExample { get; init; }

    /// <summary>Whether a real change like it would pass the hook's filter.</summary>
    public required bool PassesFilter { get; init; }

    /// <summary>Whether the receiver took it.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>The class of the outcome.</summary>
    public required string Outcome { get; init; }

    /// <summary>What exactly went wrong; null for a success.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do about it; null for a success.</summary>
    public string? Advice { get; init; }

    public required double DurationMs { get; init; }

    /// <summary>What was sent, with stars for secrets.</summary>
    public required RequestView Request { get; init; }

    /// <summary>What came back; null when nothing did.</summary>
    public AnswerView? Answer { get; init; }

    public static TestView From(TrialChange trial, RequestView request, AttemptResult result) => new()
    {
        Event = trial.EventName,
        IsExample = trial.IsExample,
        PassesFilter = trial.PassesFilter,
        Succeeded = result.Succeeded,
        Outcome = result.Outcome.ToString(),
        Detail = result.Detail,
        Advice = Send.Advice.For(result.Outcome),
        DurationMs = Math.Round(result.Duration.TotalMilliseconds, 1),
        Request = request,
        Answer = result.StatusCode is { } status
            ? new AnswerView(status, result.ReasonPhrase, result.AnswerContentType, result.Location, Encoding.UTF8.GetString(result.Answer.Span), result.AnswerTruncated)
            : null,
    };
}

/// <summary>An answer of a receiver.</summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">The reason phrase, or null.</param>
/// <param name="ContentType">The media type, or null.</param>
/// <param name="Location">Where a redirect leads, which is not followed.</param>
/// <param name="Body">The beginning of the body.</param>
/// <param name="IsCut">Whether it went on.</param>
internal sealed record AnswerView(int Status, string? Reason, string? ContentType, string? Location, string Body, bool IsCut);

/// <summary>What a hook would send, and what is wrong with its settings.</summary>
internal sealed record PreviewView
{
    /// <summary>What is wrong, warnings included.</summary>
    public required IReadOnlyList<FaultView> Faults { get; init; }

    /// <summary>Why nothing would be sent although the settings are good; null when something would.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The event, as the dialect calls it.</summary>
    public string? Event { get; init; }

    /// <summary>Whether it is of the example's record and not of one that was named.</summary>
    public bool? IsExample { get; init; }

    /// <summary>Whether a real change like it would pass the hook's filter.</summary>
    public bool? PassesFilter { get; init; }

    /// <summary>The request, with stars for secrets; null with faults and obstacles.</summary>
    public RequestView? Request { get; init; }

    public SignatureView? Signature { get; init; }
}

/// <summary>How a message is signed.</summary>
/// <param name="Form"><c>v1</c>, <c>v1a</c> or <c>both</c>.</param>
/// <param name="Header">The header with the signature.</param>
/// <param name="Note">What is to be known of the one shown.</param>
internal sealed record SignatureView(string Form, string Header, string Note);
