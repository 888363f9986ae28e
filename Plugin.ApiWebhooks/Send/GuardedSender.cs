using System.Net;

namespace Plugin.ApiWebhooks.Send;

/// <summary>Whether the administrator's allow-list names what is about to be dialled, although it is private, local or otherwise refused.</summary>
/// <param name="host">The host of the URL, without brackets.</param>
/// <param name="port">The port.</param>
/// <param name="address">The address about to be dialled.</param>
internal delegate bool AddressAllowed(string host, int port, IPAddress address);

/// <summary>The one way out of the plugin.</summary>
internal sealed class GuardedSender(AddressAllowed allowed, TimeProvider time) : IDisposable
{
    /// <summary>Posts, and tells how it went. Network faults are outcomes, never exceptions.</summary>
    /// <param name="post">What to send.</param>
    /// <param name="cancellationToken">Ends the attempt as <see cref="AttemptOutcome.Interrupted"/>.</param>
    public Task<AttemptResult> PostAsync(OutgoingPost post, CancellationToken cancellationToken)
    {
        _ = (allowed, time, post, cancellationToken);
        throw new NotImplementedException();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
