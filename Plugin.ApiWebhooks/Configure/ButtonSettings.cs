using Dam.Hosting;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>One entry of <c>buttons[]</c>.</summary>
internal sealed record ButtonSettings
{
    /// <summary>Stable key, unique among the buttons; a press names it.</summary>
    public required string Key { get; init; }

    /// <summary><c>buttontext</c> as written, with its languages; see <see cref="Buttons.ButtonLabel"/>.</summary>
    public required string Text { get; init; }

    /// <summary>The page it stands on; <c>edit</c> is the only one that hosts have so far.</summary>
    public string Location { get; init; } = EditPageContext.EditLocation;

    /// <summary>Where the POST goes: a prefix for the record's id, or with <c>{id}</c> or <c>{pid}</c> in it. User info becomes Basic authorization.</summary>
    public required string Url { get; init; }

    /// <summary>What the POST carries.</summary>
    public ButtonBody Body { get; init; }

    /// <summary>How long the editor waits for the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When the POST itself is given up, counted like <see cref="Timeout"/> from the press.</summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Further headers, in order.</summary>
    public IReadOnlyList<SecretHeader> Headers { get; init; } = [];

    /// <summary>Signs the POST when there is one.</summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>The roles of which a user needs one to see the button; empty for everybody who may edit the record.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The content types whose records show the button; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>How the target is reached; null for the usual way.</summary>
    public Via? Via { get; init; }

    /// <summary>A question to answer before the press, with its languages like the text, or null.</summary>
    public string? Confirm { get; init; }

    /// <summary>The key: the rest holds secrets.</summary>
    public override string ToString() => Key;
}

/// <summary>What a button's POST carries.</summary>
internal enum ButtonBody
{
    /// <summary>The bare decimal id, as ResourceSpace sends it.</summary>
    Id,

    /// <summary><c>{"resource","pid","button","user","at"}</c>.</summary>
    Json,
}

/// <summary>A header from config.json. Its value may be a credential, so it prints as stars.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Value">The header's value.</param>
internal sealed record SecretHeader(string Name, string Value)
{
    public override string ToString() => $"{Name}: ***";
}
