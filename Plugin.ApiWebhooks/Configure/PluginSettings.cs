using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Everything that config.json says, checked and with defaults filled in. Never changes after it was read.</summary>
/// <param name="Buttons">The buttons, in the order of the file.</param>
/// <param name="Hooks">The subscriptions of the file, in its order.</param>
/// <param name="Delivery">How events are delivered.</param>
/// <param name="Network">Where the plugin may connect to.</param>
/// <param name="Storage">Where the plugin keeps its data.</param>
/// <param name="Ckan">The door for CKAN's clients.</param>
internal sealed record PluginSettings(
    IReadOnlyList<ButtonSettings> Buttons,
    IReadOnlyList<HookSettings> Hooks,
    DeliverySettings Delivery,
    NetworkSettings Network,
    StorageSettings Storage,
    CkanSettings Ckan)
{
    /// <summary>Stored hooks that were deleted and may still come back. For everybody but those who keep what is owed they are not there.</summary>
    public IReadOnlyList<HookSettings> Deleted { get; init; } = [];

    /// <summary>No button, no hook, and the defaults for the rest.</summary>
    public static PluginSettings Empty { get; } = new([], [], new(), new(), new(), new());

    /// <summary>The ways to receivers that differ from the usual one.</summary>
    public IReadOnlySet<Via> Ways() => Hooks.Select(hook => hook.Via).Concat(Buttons.Select(button => button.Via)).OfType<Via>().ToHashSet();
}

/// <summary>How events are delivered: <c>delivery{}</c>.</summary>
internal sealed record DeliverySettings
{
    /// <summary>
    /// The waits before each attempt, the first one counted from the change. As many attempts as entries. Standard Webhooks' own
    /// example: about 75 hours in ten attempts.
    /// </summary>
    public IReadOnlyList<TimeSpan> Schedule { get; init; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Limit of one attempt, from the look-up of the name to the last byte of the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Attempts under way at the same time, over all hooks.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>Attempts under way at the same time to one hook.</summary>
    public int ConcurrencyPerHook { get; init; } = 16;

    /// <summary>How far a retry's wait is stretched at random, in percent of the wait, so that retries do not come in waves.</summary>
    public int JitterPercent { get; init; } = 20;

    /// <summary>How long every attempt to a hook may fail before the hook is disabled; zero for never.</summary>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long a replaced secret signs beside its successor, so that a receiver can be changed without losing an event.</summary>
    public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long changes may gather, while they come fast, before they are read together. Some thirty saves of one busy client fit in the default: prompter
    /// reading takes a fifth of the processor from the next save.
    /// </summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest message that is sent whole.</summary>
    public int MostMessageBytes { get; init; } = 1024 * 1024;
}

/// <summary>Where the plugin may connect to: <c>network{}</c>.</summary>
internal sealed record NetworkSettings
{
    /// <summary>What may be dialled although it is private or loopback.</summary>
    public IReadOnlyList<AllowEntry> Allow { get; init; } = [];

    /// <summary>The proxy that dials for buttons and hooks, or null.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>Whom it does not dial.</summary>
    public IReadOnlyList<ProxyBypass> ProxyBypass { get; init; } = [];

    /// <summary>The proxy that dials a receiver, or null.</summary>
    /// <param name="url">The receiver's address.</param>
    public ProxyAddress? ProxyFor(string url) =>
        Proxy is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) && !ProxyBypass.Any(entry => entry.Covers(AddressRules.HostOf(uri) ?? "")) ? Proxy : null;
}

/// <summary>Where the plugin keeps its data, and for how long: <c>storage{}</c>.</summary>
internal sealed record StorageSettings
{
    /// <summary>The database system; null for PostgreSQL where a connection to it is known, else SQLite. Read when the plugin starts.</summary>
    public StorageProvider? Provider { get; init; }

    /// <summary>How PostgreSQL is reached, with its password; null for as the host is. Read when the plugin starts.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The SQLite file; a relative path starts at the plugin's data folder. Read when the plugin starts.</summary>
    public string File { get; init; } = "webhooks.db";

    /// <summary>How long finished deliveries and presses are kept; zero for ever.</summary>
    public TimeSpan Retain { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How much room the database may take; beyond it the oldest finished deliveries go earlier. Zero for no limit.</summary>
    public long MostBytes { get; init; } = 10L * 1024 * 1024 * 1024;
}

/// <summary>The database system that holds the plugin's data.</summary>
internal enum StorageProvider
{
    /// <summary>A file, for one node.</summary>
    Sqlite,

    /// <summary>A server, for one node or several.</summary>
    Postgres,
}

/// <summary>The door for CKAN's clients: <c>ckan{}</c>.</summary>
internal sealed record CkanSettings
{
    /// <summary>The least role that may manage webhooks by CKAN's actions, as <c>ckanext.webhooks.minimum_auth</c>: unset, everybody who is signed in.</summary>
    public CkanMinimumAuth MinimumAuth { get; init; } = CkanMinimumAuth.None;
}

/// <summary>The least role that may manage webhooks by CKAN's actions.</summary>
internal enum CkanMinimumAuth
{
    None,
    Editor,
    Admin,
    Sysadmin,
}
