using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Pages;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>What every developers' page needs.</summary>
public abstract record DeveloperView
{
    public required DeveloperTexts Texts { get; init; }

    public required string StyleHref { get; init; }

    /// <summary>The antiforgery token of the page's forms.</summary>
    public required string TokenName { get; init; }

    public required string Token { get; init; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Alarm { get; init; }

    /// <summary>What was done; null for nothing.</summary>
    public string? Done { get; init; }
}

/// <summary>The list of applications, with the form for a new one.</summary>
public sealed record ApplicationsView : DeveloperView
{
    public required IReadOnlyList<ApplicationRow> Rows { get; init; }

    /// <summary>The applications that may act for the user.</summary>
    public required IReadOnlyList<ConsentRow> Consents { get; init; }

    /// <summary>What was entered, and is shown again beside what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string> Entered { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();
}

/// <summary>One application of the list.</summary>
public sealed record ApplicationRow(string Href, string Name, string Owner, string? WebhookUrl, MarkView State);

/// <summary>An application that may act for the user.</summary>
/// <param name="Href">Where it is taken back.</param>
public sealed record ConsentRow(string Href, string Name, string Owner, DateTimeOffset Since);

/// <summary>One application.</summary>
public sealed record ApplicationView : DeveloperView
{
    /// <summary>The address of its page, with a slash at the end.</summary>
    public required string Href { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Website { get; init; }

    public required string Owner { get; init; }

    public required bool IsPublic { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required string WebhookUrl { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Why the webhook was switched off without anybody's wish.</summary>
    public string? WhyNot { get; init; }

    public required bool IsLegacy { get; init; }

    public required IReadOnlyList<EventGroup> Groups { get; init; }

    public required IReadOnlyList<DeliveryEntryRow> Deliveries { get; init; }

    /// <summary>A secret shown this once, with the sentence before it.</summary>
    public string? SecretHint { get; init; }

    public string? Secret { get; init; }
}

/// <summary>The events under one heading.</summary>
public sealed record EventGroup(string Name, IReadOnlyList<EventChoice> Events);

/// <summary>An event to choose.</summary>
public sealed record EventChoice(string Name, string Description, bool IsChosen, bool IsRaised);

/// <summary>One of the last deliveries.</summary>
public sealed record DeliveryEntryRow(MarkView Result, string Id, string Event, DateTimeOffset Date, string Status, string? Detail);

/// <summary>Makes the views.</summary>
internal static class DeveloperViews
{
    /// <summary>The rows of the list.</summary>
    public static ApplicationRow RowOf(ClientApplication application, WebhookState webhook, DeveloperTexts texts) =>
        new(DevelopersDoor.HrefOf(application.Id), application.Name, application.Owner, webhook.Url, MarkOf(webhook, texts));

    /// <summary>The events by group, in the order in which they are listed.</summary>
    public static IReadOnlyList<EventGroup> GroupsOf(WebhookState webhook) =>
    [
        .. PhraseanetEvents.All.GroupBy(each => each.Group).Select(group => new EventGroup(
            group.Key, [.. group.Select(each => new EventChoice(each.Name, each.Description, webhook.Listened.Contains(each.Name), each.Kind is not null))])),
    ];

    /// <summary>The table of deliveries. Only an end is OK or KO; what is still owed says how it stands.</summary>
    public static IReadOnlyList<DeliveryEntryRow> RowsOf(WebhookState webhook, PageTexts words) =>
    [
        .. webhook.Deliveries.Select(line => new DeliveryEntryRow(
            line.Delivered ? new MarkView(Tone.Good, "OK") : line.State is "exhausted" or "cancelled" ? new MarkView(Tone.Bad, "KO") : new MarkView(Tone.Care, words.StateOf(line.State)),
            line.Id, line.Event, line.Created, line.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–", line.Detail)),
    ];

    private static MarkView MarkOf(WebhookState webhook, DeveloperTexts texts) =>
        webhook.IsActive ? new MarkView(Tone.Good, texts.Active) : new MarkView(webhook.WhyNot is null ? Tone.Care : Tone.Bad, texts.Inactive);
}
