using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>One entry of <c>hooks[]</c>.</summary>
internal sealed record HookSettings
{
    /// <summary>Stable key, unique among the hooks; deliveries are kept under it. A slug of the label.</summary>
    public required string Key { get; init; }

    /// <summary>The name that people read; unique.</summary>
    public required string Label { get; init; }

    /// <summary>The id under which it is stored; null when it stands in config.json.</summary>
    public Guid? StoredId { get; init; }

    /// <summary>The name of the user whose rights decide what it is sent; null when it stands in config.json, and is sent whatever it asks for.</summary>
    public string? Owner { get; init; }

    /// <summary>Where in config.json it stands, and what stands there; null when it is stored.</summary>
    public FiledHook? Filed { get; init; }

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>Where events go: an absolute http or https address.</summary>
    public required string Url { get; init; }

    /// <summary>What events are signed with.</summary>
    public HookSigning Signing { get; init; }

    /// <summary>
    /// Signs every event, unless only <see cref="SigningKey"/> does. Null until the settings are in force: a hook without one in the file is given a generated one.
    /// </summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>Secrets being rotated out, that sign beside <see cref="Secret"/> for a while.</summary>
    public IReadOnlyList<WebhookSecret> RetiringSecrets { get; init; } = [];

    /// <summary>Whether <see cref="Secret"/> stands in config.json; otherwise it was generated.</summary>
    public bool SecretIsConfigured { get; init; }

    /// <summary>The key pair that signs, given when the settings come into force; null without <c>v1a</c>.</summary>
    public SigningKey? SigningKey { get; init; }

    /// <summary>Key pairs being rotated out, that sign beside <see cref="SigningKey"/> for a while.</summary>
    public IReadOnlyList<SigningKey> RetiringSigningKeys { get; init; } = [];

    /// <summary>Everything that signs, the current first.</summary>
    public IMessageKey[] Keys => Signing switch
    {
        HookSigning.V1 when Secret is not null => [Secret, .. RetiringSecrets],
        HookSigning.V1a when SigningKey is not null => [SigningKey, .. RetiringSigningKeys],
        HookSigning.Both when Secret is not null && SigningKey is not null => [Secret, SigningKey, .. RetiringSecrets, .. RetiringSigningKeys],
        _ => throw new InvalidOperationException($"The hook {Key} has no keys yet; nothing is sent unsigned."),
    };

    /// <summary>The public halves of the key pairs that sign, as receivers need them.</summary>
    public IReadOnlyList<string> PublicKeys => SigningKey is null ? [] : [SigningKey.PublicText, .. RetiringSigningKeys.Select(key => key.PublicText)];

    /// <summary>Whether events are sent. A hook that is not enabled keeps what it is owed.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it is deleted, and may still come back: it is sent nothing, and what it is owed is held.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Further headers, in order, beside the dialect's own.</summary>
    public IReadOnlyList<SecretHeader> Headers { get; init; } = [];

    /// <summary>Limit of one attempt, or null for <see cref="DeliverySettings.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The waits before each attempt, or null for <see cref="DeliverySettings.Schedule"/>.</summary>
    public IReadOnlyList<TimeSpan>? Schedule { get; init; }

    /// <summary>From when on the hook is owed changes; decided when it is first seen.</summary>
    public StartFrom StartFrom { get; init; } = new StartFrom.Now();

    /// <summary>How fast events may be sent; null for no limit.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>In which order events are sent.</summary>
    public DeliveryOrder Order { get; init; } = DeliveryOrder.None;

    /// <summary>The name of the API key with which this hook's receiver calls the host, or null. Its own changes are not sent back to it.</summary>
    public string? ApiKeyName { get; init; }

    /// <summary>Whether changes made with <see cref="ApiKeyName"/> are sent all the same.</summary>
    public bool SendOwnChanges { get; init; }

    /// <summary>Which of the changes it asks for it is sent; null for all.</summary>
    public HookFilter? Filter { get; init; }

    /// <summary>Whether it is sent the thin form.</summary>
    public bool IsThin { get; init; }

    /// <summary>The authorities that its receiver's certificate must come from, or null for the system's.</summary>
    public TrustedRoots? Roots { get; init; }

    /// <summary>Who this side is to its receiver in the TLS handshake, or null.</summary>
    public ClientIdentity? Identity { get; init; }

    /// <summary>The proxy of this hook alone, or null.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>Whether no proxy is used, also not <see cref="NetworkSettings.Proxy"/>.</summary>
    public bool RefusesProxy { get; init; }

    /// <summary>How its receiver is reached, all of the above and the network's proxy considered; null for the usual way.</summary>
    public Via? Via { get; init; }

    /// <summary>What the dialect made of its own keys.</summary>
    public required DialectRules Rules { get; init; }

    /// <summary>The key: the rest holds secrets.</summary>
    public override string ToString() => Key;
}

/// <summary>A hook as config.json has it.</summary>
/// <param name="Place">The path of its keys, such as <c>hooks[2]</c>.</param>
/// <param name="Settings">The entry, secrets in clear: never to be logged. Not to be changed: it is shared.</param>
internal sealed record FiledHook(string Place, JsonObject Settings)
{
    /// <summary>The place: the rest holds secrets.</summary>
    public override string ToString() => Place;
}

/// <summary>What a hook's events are signed with.</summary>
internal enum HookSigning
{
    /// <summary>HMAC-SHA256 with a secret that both sides know.</summary>
    V1,

    /// <summary>Ed25519 with a key pair: the receiver gets the public half, with which nothing can be forged.</summary>
    V1a,

    /// <summary>Both, side by side in one header.</summary>
    Both,
}
