namespace Dam.Hosting;

/// <summary>Registered by a plugin that works through the change log and can say how far it is behind, and why. Shown by the host's health endpoint.</summary>
public interface IPluginProgress
{
    /// <summary>
    /// Tells how far the plugin is. Asked by anybody and as often as they like: it costs about the same however much the plugin has to do, and holds
    /// nothing secret, such as an address.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the host waits no longer.</param>
    Task<PluginProgress> ReadProgressAsync(CancellationToken cancellationToken);
}

/// <summary>How far a plugin is behind the changes of the host.</summary>
public sealed record PluginProgress
{
    /// <summary>The sequence of the last change that the plugin has looked at.</summary>
    public required long Position { get; init; }

    /// <summary>The sequence of the newest change in the host's log.</summary>
    public required long LastChange { get; init; }

    /// <summary>Pieces of work that changes have led to and that are not done yet, such as messages not delivered.</summary>
    public required long Owed { get; init; }

    /// <summary>When the oldest of them came up (UTC); null when there is none.</summary>
    public DateTimeOffset? OldestOwedAt { get; init; }

    /// <summary>The parts of the plugin that are late, with the reason; empty when all goes as it should.</summary>
    public IReadOnlyList<PluginDelay> Delays { get; init; } = [];
}

/// <summary>A part of a plugin that is late.</summary>
/// <param name="Place">Which part, such as <c>hooks/search-index</c>.</param>
/// <param name="Owed">How much of its work is not done yet.</param>
/// <param name="OldestOwedAt">When the oldest of it came up (UTC); null when there is none.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record PluginDelay(string Place, long Owed, DateTimeOffset? OldestOwedAt, string Reason);
