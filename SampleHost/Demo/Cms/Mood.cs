namespace SampleHost.Demo.Cms;

/// <summary>How the demo's system answers, to show what an editor and an operator see when it is not well.</summary>
public enum Answering
{
    /// <summary>Does what it is asked.</summary>
    Normally,

    /// <summary>Answers 500 and does nothing.</summary>
    WithAnError,

    /// <summary>Takes 15 seconds, then does what it is asked.</summary>
    Slowly,

    /// <summary>Answers 302 and does nothing.</summary>
    WithARedirect,

    /// <summary>Closes the connection without an answer.</summary>
    Never,
}

/// <summary>The switch on the demo's page.</summary>
internal sealed class Mood
{
    /// <summary>How long <see cref="Answering.Slowly"/> takes.</summary>
    public static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(15);

    private volatile Answering _now = Answering.Normally;

    public Answering Now
    {
        get => _now;
        set => _now = value;
    }
}
