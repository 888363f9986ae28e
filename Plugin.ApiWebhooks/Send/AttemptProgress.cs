namespace Plugin.ApiWebhooks.Send;

/// <summary>How far an exchange has come.</summary>
internal enum AttemptPhase
{
    /// <summary>Waiting for a connection, or the request is under way and no answer has begun.</summary>
    Answering,

    /// <summary>Looking up the name.</summary>
    Resolving,

    /// <summary>Connecting.</summary>
    Connecting,

    /// <summary>In the TLS handshake.</summary>
    Securing,

    /// <summary>Reading the answer's body.</summary>
    Reading,
}

/// <summary>Follows one attempt from phase to phase: tells where it ran out of time, and how long each phase took.</summary>
/// <remarks>
/// The connection pool opens a connection in the name of a request, but may give that request another one that became free meanwhile. Then the answer begins while
/// the dialling still goes on: what was dialled did not hold this attempt up, and is left out.
/// </remarks>
internal sealed class AttemptProgress
{
    // Dialling goes on beside the request, so both may tell of a phase at the same time.
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly bool _isSecure;
    private readonly long[] _spent = new long[5];
    private volatile AttemptPhase _phase;
    private long _since;
    private bool _hasDialled;
    private bool _isReady;
    private bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="isSecure">Whether the address asks for TLS.</param>
    public AttemptProgress(TimeProvider time, bool isSecure) => (_time, _isSecure, _since) = (time, isSecure, time.GetTimestamp());

    /// <summary>The phase, in words that end the sentence "No complete answer within 15 s; the time ran out …".</summary>
    public string Words => _phase switch
    {
        AttemptPhase.Resolving => "while looking up the name",
        AttemptPhase.Connecting => "while connecting",
        AttemptPhase.Securing => "during the TLS handshake",
        AttemptPhase.Reading => "while reading the answer's body",
        _ => "while waiting for the answer",
    };

    /// <summary>Enters a phase.</summary>
    public void Enter(AttemptPhase phase)
    {
        lock (_gate)
        {
            // A connection that comes about after the answer began is somebody else's.
            if (_isOver || _phase == AttemptPhase.Reading)
                return;
            if (phase == AttemptPhase.Reading && IsDialling)
                Forget();
            Spend();
            (_hasDialled, _isReady) = (_hasDialled || phase == AttemptPhase.Connecting, phase == AttemptPhase.Answering || _isReady);
            _phase = phase;
        }
    }

    /// <summary>Ends, and tells how long each phase took.</summary>
    public PhaseTimes End()
    {
        lock (_gate)
        {
            if (!_isOver)
                Spend();
            _isOver = true;
            var isWaitedFor = !IsDialling && (_isReady || !_hasDialled);
            return new PhaseTimes
            {
                Dns = Of(AttemptPhase.Resolving, _phase == AttemptPhase.Resolving),
                Connect = Of(AttemptPhase.Connecting, _hasDialled),
                Tls = Of(AttemptPhase.Securing, _isSecure && (_spent[(int)AttemptPhase.Securing] > 0 || _phase == AttemptPhase.Securing)),
                FirstByte = Of(AttemptPhase.Answering, isWaitedFor),
                Body = Of(AttemptPhase.Reading, _phase == AttemptPhase.Reading),
            };
        }
    }

    private bool IsDialling => _phase is AttemptPhase.Resolving or AttemptPhase.Connecting or AttemptPhase.Securing;

    private void Spend()
    {
        var now = _time.GetTimestamp();
        _spent[(int)_phase] += now - _since;
        _since = now;
    }

    private void Forget()
    {
        Spend();
        _spent[(int)AttemptPhase.Answering] = _spent.Sum();
        _spent.AsSpan(1).Clear();
        (_phase, _hasDialled) = (AttemptPhase.Answering, false);
    }

    private TimeSpan? Of(AttemptPhase phase, bool hasHappened)
    {
        var spent = _spent[(int)phase];
        return hasHappened || (spent > 0 && phase is AttemptPhase.Resolving) ? _time.GetElapsedTime(0, spent) : null;
    }
}

/// <summary>How long the phases of an attempt took; null for one that did not happen.</summary>
internal readonly record struct PhaseTimes
{
    /// <summary>Looking up the name; null for an address that needs none.</summary>
    public TimeSpan? Dns { get; init; }

    /// <summary>Connecting.</summary>
    public TimeSpan? Connect { get; init; }

    /// <summary>The TLS handshake.</summary>
    public TimeSpan? Tls { get; init; }

    /// <summary>From the connection, or where none was opened from the beginning, to the first of the answer.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>Reading the answer's body.</summary>
    public TimeSpan? Body { get; init; }
}
