using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.Overview;

// Public, as components and their parameters must be.

/// <summary>Everything the overview page shows, in words, read before it is drawn.</summary>
public sealed record OverviewView
{
    public required OverviewTexts Texts { get; init; }

    /// <summary>The words that other pages have too.</summary>
    public required PageTexts PageTexts { get; init; }

    /// <summary>The page's language.</summary>
    public required string Language { get; init; }

    /// <summary>Where config.json lies.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>When the figures were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    public required StatusView Status { get; init; }

    public required IReadOnlyList<FigureView> Figures { get; init; }

    /// <summary>What became of the last thing that was done here, or null.</summary>
    public MarkView? Notice { get; init; }

    public required DisabledList Disabled { get; init; }

    public required IReadOnlyList<PluginFault> Faults { get; init; }

    public required ReasonList Undelivered { get; init; }

    public required SubscriptionList Subscriptions { get; init; }

    /// <summary>The nodes that share the work; empty where there is one.</summary>
    public IReadOnlyList<NodeView> Nodes { get; init; } = [];

    /// <summary>Where the parts that change are had by themselves.</summary>
    public required string LiveHref { get; init; }

    public required IReadOnlyList<PageLink> Links { get; init; }
}

/// <summary>Whether anything is wrong.</summary>
/// <param name="Tone">How good it is.</param>
/// <param name="Sentence">It in one sentence.</param>
/// <param name="Problems">What is wrong, each with the place of this page that tells more.</param>
public sealed record StatusView(Tone Tone, string Sentence, IReadOnlyList<ProblemView> Problems);

/// <summary>One thing that is wrong.</summary>
public sealed record ProblemView(Tone Tone, string Text, string Href);

/// <summary>One number.</summary>
/// <param name="Label">What is counted.</param>
/// <param name="Value">The number.</param>
/// <param name="Tone">Bad or care where it should be nothing and is not.</param>
/// <param name="Href">The list of what is counted; null for none.</param>
public sealed record FigureView(string Label, string Value, Tone Tone, string? Href);

/// <summary>A node that runs.</summary>
/// <param name="Name">Machine and process.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Serves">How many subscriptions it serves, in words.</param>
/// <param name="Config">Whether its configuration is that of the node that draws the page, in words.</param>
/// <param name="Tone">Care when it is not.</param>
public sealed record NodeView(string Name, DateTimeOffset StartedAt, string Serves, string Config, Tone Tone);

/// <summary>The disabled subscriptions.</summary>
/// <param name="Shown">Each, up to a limit.</param>
/// <param name="More">How many more there are, or null.</param>
/// <param name="TokenName">The name of the form's antiforgery field.</param>
/// <param name="Token">Its value.</param>
public sealed record DisabledList(IReadOnlyList<DisabledView> Shown, string? More, string TokenName, string Token);

/// <summary>A disabled subscription.</summary>
public sealed record DisabledView
{
    public required string Id { get; init; }

    /// <summary>That it is disabled, with its label.</summary>
    public required string Sentence { get; init; }

    public required string Label { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How much is held for it, or null.</summary>
    public string? Held { get; init; }

    /// <summary>Its page.</summary>
    public required string Href { get; init; }

    public required string DeliveriesHref { get; init; }

    /// <summary>Whether it can be resumed from here.</summary>
    public required bool CanResume { get; init; }
}

/// <summary>What is undelivered.</summary>
/// <param name="Shown">Each reason of each subscription, the worst first, up to a limit.</param>
/// <param name="More">How many more there are, or null.</param>
public sealed record ReasonList(IReadOnlyList<ReasonRow> Shown, string? More);

/// <summary>Deliveries of one subscription that are undelivered for one reason.</summary>
public sealed record ReasonRow
{
    public required string Subscription { get; init; }

    public required string SubscriptionHref { get; init; }

    public required MarkView State { get; init; }

    public required string Why { get; init; }

    /// <summary>More of it, or null.</summary>
    public string? Detail { get; init; }

    public required string Count { get; init; }

    /// <summary>The list of these deliveries.</summary>
    public required string Href { get; init; }

    public required AgeView? Oldest { get; init; }

    public string? Advice { get; init; }
}

/// <summary>How long ago something was.</summary>
public sealed record AgeView(DateTimeOffset At, string Words);

/// <summary>A page of the subscriptions, those in trouble first.</summary>
public sealed record SubscriptionList
{
    public required IReadOnlyList<SubscriptionRow> Rows { get; init; }

    /// <summary>What to say in place of the table when it has no row, else null.</summary>
    public string? Empty { get; init; }

    /// <summary>The text that was filtered by.</summary>
    public required string Text { get; init; }

    public required bool TroubledOnly { get; init; }

    /// <summary>Whether some are left out.</summary>
    public bool IsFiltered => Text.Length > 0 || TroubledOnly;

    /// <summary>Which of how many are shown.</summary>
    public string? Place { get; init; }

    public string? PreviousHref { get; init; }

    public string? NextHref { get; init; }
}

/// <summary>A subscription and how it is.</summary>
public sealed record SubscriptionRow
{
    public required string Label { get; init; }

    /// <summary>Its own page.</summary>
    public required string Href { get; init; }

    public required string Address { get; init; }

    public required MarkView State { get; init; }

    /// <summary>Why it is so, or null.</summary>
    public string? Note { get; init; }

    public required BarsView Bars { get; init; }

    public string? Success { get; init; }

    public Tone SuccessTone { get; init; }

    public string? Lag { get; init; }

    public string? LongestLag { get; init; }

    public AgeView? Oldest { get; init; }

    public required string Owed { get; init; }

    public required string OwedHref { get; init; }

    /// <summary>How many were given up, or null.</summary>
    public string? GivenUp { get; init; }

    public required string GivenUpHref { get; init; }
}

/// <summary>A small chart of 24 hours: the outlines of the bars, and the same in words.</summary>
public sealed record BarsView(string Delivered, string Failed, string Label);
