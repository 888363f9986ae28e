using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Desk;

/// <summary>What a user was told, what he asked for, and what waits for his decision.</summary>
public sealed record DeskView
{
    /// <summary>Entries of feeds he was told of, newest first.</summary>
    public required IReadOnlyList<NoticeView> Notices { get; init; }

    /// <summary>Requests for access: his own, and those he decides.</summary>
    public required IReadOnlyList<RequestView> Registrations { get; init; }

    /// <summary>Orders: his own, and those he decides.</summary>
    public required IReadOnlyList<RequestView> Orders { get; init; }

    /// <summary>The collections he may ask access to.</summary>
    public required IReadOnlyList<OptionView> Collections { get; init; }

    /// <summary>What the field for the records to order holds.</summary>
    public string OrderRecords { get; init; } = "";

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }
}

/// <summary>An entry in a feed.</summary>
public sealed record NoticeView(string FeedTitle, string Title, string Text, string AuthorName, IReadOnlyList<long> Records, DateTimeOffset At);

/// <summary>A request for access, or an order.</summary>
public sealed record RequestView
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>Who asks.</summary>
    public required string User { get; init; }

    /// <summary>The collection, for a request for access.</summary>
    public string? Collection { get; init; }

    /// <summary>The records, for an order.</summary>
    public IReadOnlyList<long> Records { get; init; } = [];

    /// <summary>What was written with it, or null.</summary>
    public string? Note { get; init; }

    /// <summary>How it stands.</summary>
    public required string State { get; init; }

    /// <summary>The colour of that: <c>good</c>, <c>bad</c>, <c>care</c>.</summary>
    public required string Tone { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether whoever looks may decide it now.</summary>
    public bool CanDecide { get; init; }
}
