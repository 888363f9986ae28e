namespace Plugin.ApiWebhooks.Send;

/// <summary>The closed set of ways in which one POST can end.</summary>
internal enum AttemptOutcome
{
    /// <summary>An answer with a status from 200 to 299.</summary>
    Succeeded,

    /// <summary>An answer from 300 to 399. Not followed: most clients turn a redirected POST into a GET, and the message would be lost.</summary>
    Redirected,

    /// <summary>410: the receiver wants nothing more.</summary>
    Gone,

    /// <summary>429, 502, 503 or 504: the receiver, or what stands before it, is overloaded.</summary>
    Throttled,

    /// <summary>Any other answer from 400 to 499, or one below 200.</summary>
    ClientError,

    /// <summary>Any other answer from 500 on.</summary>
    ServerError,

    /// <summary>The host name could not be resolved.</summary>
    DnsFailed,

    /// <summary>No connection could be made to the address.</summary>
    ConnectFailed,

    /// <summary>The TLS handshake failed or the certificate was refused.</summary>
    TlsFailed,

    /// <summary>The total deadline passed before the answer was complete.</summary>
    TimedOut,

    /// <summary>The connection broke, or what came was not HTTP, before the answer was complete.</summary>
    Reset,

    /// <summary>The network policy forbids the address.</summary>
    Blocked,

    /// <summary>The answer's headers were larger than is read.</summary>
    AnswerTooLarge,

    /// <summary>The URL cannot be posted to.</summary>
    BadUrl,

    /// <summary>This side stopped the attempt, to shut down.</summary>
    Interrupted,
}

/// <summary>What to do about an outcome, in one sentence for whoever runs the receiver or the settings.</summary>
internal static class Advice
{
    /// <summary>The advice for an outcome.</summary>
    public static string For(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => "Nothing to do.",
        AttemptOutcome.Redirected => "Enter the address that the redirect names: redirects are not followed.",
        AttemptOutcome.Gone => "The receiver wants no more messages: remove the hook, or enter the receiver's new address.",
        AttemptOutcome.Throttled => "The receiver is overloaded: it is called again later, or lower the hook's concurrency.",
        AttemptOutcome.ClientError => "The receiver refused the request: check the address, the token and what it expects, and read its answer.",
        AttemptOutcome.ServerError => "The receiver failed: look into its log at the time of the attempt.",
        AttemptOutcome.DnsFailed => "Check the spelling of the host name and that this machine can resolve it.",
        AttemptOutcome.ConnectFailed => "Check that the receiver runs, that the port is right and that no firewall stands between.",
        AttemptOutcome.TlsFailed => "Check that the receiver's certificate is valid, names this host and is trusted by this machine or the hook's caFile, and whether it demands a client certificate.",
        AttemptOutcome.TimedOut => "Let the receiver answer first and work afterwards, or raise the time-out.",
        AttemptOutcome.Reset => "The connection broke off: look for a proxy or a crash on the receiver's side, check http against https, and whether it demands a client certificate.",
        AttemptOutcome.Blocked => "If the address is meant to be called, name its host:port or its network under network.allow.",
        AttemptOutcome.AnswerTooLarge => "Let the receiver answer with fewer headers.",
        AttemptOutcome.BadUrl => "Enter a complete address that begins with http:// or https://.",
        AttemptOutcome.Interrupted => "Nothing to do: it is sent again after the start.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
