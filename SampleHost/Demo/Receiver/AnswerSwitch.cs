namespace SampleHost.Demo.Receiver;

/// <summary>How the demo receiver answers.</summary>
internal enum AnswerMode
{
    Normal,
    ServerError,
    Slow,
    Redirect,
    HangUp,
}

/// <summary>Lets a visitor see what happens when the other side misbehaves.</summary>
internal sealed class AnswerSwitch(TimeProvider time)
{
    /// <summary>Longer than a button waits (10 s) and than a hook's attempt may take (15 s), so that both are seen to notice.</summary>
    public static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(20);

    private volatile AnswerMode _mode;

    public AnswerMode Mode
    {
        get => _mode;
        set => _mode = value;
    }

    /// <summary>Misbehaves as chosen.</summary>
    /// <returns>What was answered instead of a normal answer, or null to go on normally.</returns>
    public async Task<string?> MisbehaveAsync(HttpContext context)
    {
        switch (Mode)
        {
            case AnswerMode.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsync("The collections management system is out of order, as chosen on its page.", context.RequestAborted);
                return "500";
            case AnswerMode.Slow:
                await Task.Delay(SlowAnswer, time, context.RequestAborted);
                return null;
            case AnswerMode.Redirect:
                context.Response.StatusCode = StatusCodes.Status302Found;
                context.Response.Headers.Location = "/demo/cms";
                return "302";
            case AnswerMode.HangUp:
                context.Abort();
                return "hung up";
            default:
                return null;
        }
    }
}
