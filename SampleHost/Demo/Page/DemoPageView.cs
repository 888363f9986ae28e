namespace SampleHost.Demo.Page;

/// <summary>The demo's other side: what its collections management system holds, and what reached it.</summary>
public sealed record DemoPageView
{
    /// <summary>Its objects.</summary>
    public required IReadOnlyList<DemoObjectView> Objects { get; init; }

    /// <summary>The calls it received, newest first.</summary>
    public required IReadOnlyList<DemoCallView> Calls { get; init; }

    /// <summary>The ways in which it may answer, and which one is chosen.</summary>
    public required IReadOnlyList<DemoChoice> Answers { get; init; }
}

/// <summary>An object.</summary>
/// <param name="Image">Address of the picture that was pushed, or null.</param>
public sealed record DemoObjectView(string Number, string Title, string Maker, string Date, string? Image);

/// <summary>A way of answering.</summary>
public sealed record DemoChoice(string Value, string Text, bool Chosen);

/// <summary>A call that was received.</summary>
public sealed record DemoCallView
{
    /// <summary>Rises with every call.</summary>
    public required long Number { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Method, path and query.</summary>
    public required string Line { get; init; }

    /// <summary>Headers, one per line.</summary>
    public required string Headers { get; init; }

    /// <summary>The body; JSON is indented.</summary>
    public required string Body { get; init; }

    /// <summary>Whether the signature is good, in words.</summary>
    public required string Signature { get; init; }

    /// <summary>The colour of <see cref="Signature"/>.</summary>
    public required string SignatureTone { get; init; }

    /// <summary>What was answered, in words.</summary>
    public required string Answer { get; init; }
}
