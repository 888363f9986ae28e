using Dam.Hosting;

namespace SampleHost.Pages.Layout;

// Razor makes every component public, so the records that components take are public too. They hold plain data, ready to show.

/// <summary>What the frame around every page shows.</summary>
public sealed record FrameView
{
    /// <summary>The site's title.</summary>
    public required string SiteTitle { get; init; }

    /// <summary>The host's version, for the footer.</summary>
    public required string Version { get; init; }

    /// <summary>Who looks, or null for nobody.</summary>
    public HostUser? User { get; init; }

    /// <summary>The navigation, in order.</summary>
    public required IReadOnlyList<NavigationLink> Navigation { get; init; }

    /// <summary>Addresses of the style sheets, in order.</summary>
    public required IReadOnlyList<string> Styles { get; init; }

    /// <summary>Address of the script.</summary>
    public required string Script { get; init; }

    /// <summary>Address of the icon.</summary>
    public required string Icon { get; init; }

    /// <summary>The antiforgery token that every form carries.</summary>
    public required FormToken Token { get; init; }

    /// <summary>The path of the page itself, to come back to after signing in.</summary>
    public required string Path { get; init; }
}

/// <summary>One link of the navigation.</summary>
/// <param name="Href">Where to.</param>
/// <param name="Text">What it says.</param>
/// <param name="Current">Whether the page shown lies there.</param>
public sealed record NavigationLink(string Href, string Text, bool Current);

/// <summary>The hidden field that proves a form was drawn by this host for this user.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Value">The token.</param>
public sealed record FormToken(string Field, string Value);
