using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Plugin.ApiWebhooks.Send;

/// <summary>What a status or an exception of the HTTP stack means: the class of the outcome and what exactly went wrong.</summary>
internal static class FaultOutcome
{
    /// <summary>The class of an answer by its status.</summary>
    public static AttemptOutcome OfStatus(int status) => status switch
    {
        // An answer that never became one, such as 101: the receiver speaks another protocol.
        < 200 => AttemptOutcome.ServerError,
        <= 299 => AttemptOutcome.Succeeded,
        <= 399 => AttemptOutcome.Redirected,
        410 => AttemptOutcome.Gone,
        429 or 502 or 503 or 504 => AttemptOutcome.Throttled,
        >= 500 => AttemptOutcome.ServerError,
        _ => AttemptOutcome.ClientError,
    };

    /// <summary>The class of an exception that ended an exchange although no deadline passed.</summary>
    /// <param name="exception">What the HTTP stack threw.</param>
    /// <returns>The class and the detail; a null outcome means a programming error, which is not for the history.</returns>
    public static (AttemptOutcome? Outcome, string Detail) Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is DialException dial)
                return (dial.Outcome, dial.Message);
        }
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException)
                return (AttemptOutcome.TlsFailed, Plain(e.InnerException is { } inner ? inner.Message : e.Message));
            // In TLS 1.3 a receiver tells only after the handshake that it wants another certificate, or any.
            if (e is CryptographicException)
                return (AttemptOutcome.TlsFailed, $"TLS was broken off: {Plain(e.Message[(e.Message.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..])}.");
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError })
                return (AttemptOutcome.ConnectFailed, Plain(e.Message));
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                return (AttemptOutcome.AnswerTooLarge, Plain(e.Message));
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && e.InnerException is not AuthenticationException)
                return (AttemptOutcome.TlsFailed, Plain(e.InnerException?.Message ?? e.Message));
        }
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return (AttemptOutcome.Reset, $"The connection broke ({socket.SocketErrorCode}).");
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
                return (AttemptOutcome.Reset, "The connection was closed before the answer was complete.");
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse })
                return (AttemptOutcome.Reset, "What came was not an HTTP answer: " + Plain(e.Message));
        }
        // A host that reads as an address but is no name.
        if (exception is UriFormatException)
            return (AttemptOutcome.BadUrl, "The host name of the address cannot be looked up: it is no name.");
        return exception is HttpRequestException or IOException ? (AttemptOutcome.Reset, Plain(exception.Message)) : (null, exception.Message);
    }

    private static string Plain(string message) => message.Length <= 300 ? message : message[..300] + "…";
}

/// <summary>Raised while dialling, so that the reason survives the HTTP stack's own wrapping.</summary>
internal sealed class DialException(AttemptOutcome outcome, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The class of the outcome.</summary>
    public AttemptOutcome Outcome { get; } = outcome;
}
