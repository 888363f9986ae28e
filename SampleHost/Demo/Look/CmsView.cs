using SampleHost.Pages.Layout;

namespace SampleHost.Demo.Look;

/// <summary>The demo receiver's page.</summary>
public sealed record CmsView
{
    /// <summary>What just happened, or null.</summary>
    public BannerView? Banner { get; init; }

    /// <summary>Addresses of the page's own style and script.</summary>
    public required (string Style, string Script) Assets { get; init; }

    /// <summary>The state shown, for the script to compare with.</summary>
    public required long Revision { get; init; }

    /// <summary>The objects of the collections management system.</summary>
    public required IReadOnlyList<CmsObjectView> Objects { get; init; }

    /// <summary>The ways of answering.</summary>
    public required IReadOnlyList<AnswerModeView> Modes { get; init; }

    /// <summary>Calls received, newest first.</summary>
    public required IReadOnlyList<ReceivedCallView> Calls { get; init; }
}

/// <summary>An object of the collections management system.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Title">Its title.</param>
/// <param name="Facts">Maker, date and material.</param>
/// <param name="Image">Address of the image pushed to it, or null.</param>
public sealed record CmsObjectView(string Number, string Title, string Facts, string? Image);

/// <summary>A way of answering.</summary>
/// <param name="Value">What is posted.</param>
/// <param name="Label">In a few words.</param>
/// <param name="Text">What one sees then.</param>
/// <param name="Chosen">Whether it is in force.</param>
public sealed record AnswerModeView(string Value, string Label, string Text, bool Chosen);

/// <summary>A call that was received.</summary>
public sealed record ReceivedCallView
{
    /// <summary>Its number.</summary>
    public required long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Method and path.</summary>
    public required string Line { get; init; }

    /// <summary>What it was about, in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>What was answered.</summary>
    public required string Answer { get; init; }

    /// <summary>The colour of the answer: <c>good</c>, <c>bad</c> or <c>care</c>.</summary>
    public required string AnswerTone { get; init; }

    /// <summary>Whether the signature verified: <c>good</c>, <c>bad</c> or empty for a call without one.</summary>
    public required string SignatureTone { get; init; }

    /// <summary>The verdict in a word or two.</summary>
    public required string SignatureWord { get; init; }

    /// <summary>The verdict's reason.</summary>
    public required string SignatureReason { get; init; }

    /// <summary>Names and values; what is secret is starred.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body as text.</summary>
    public required string Body { get; init; }

    /// <summary>How the body is shown.</summary>
    public required string BodyNote { get; init; }
}
