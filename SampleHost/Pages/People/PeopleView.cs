using SampleHost.Pages.Layout;

namespace SampleHost.Pages.People;

/// <summary>The users, and the form for one more.</summary>
public sealed record PeopleView
{
    /// <summary>Who there is.</summary>
    public required IReadOnlyList<PersonView> People { get; init; }

    /// <summary>Where the next of them stand, or null at the end.</summary>
    public string? NextHref { get; init; }

    /// <summary>The roles that can be given.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>What was typed into the form, to draw it again; empty for a new one. Never the password.</summary>
    public PersonForm Form { get; init; } = new("", "", "", "", "", "viewer");

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }
}

/// <summary>One user.</summary>
/// <param name="Name">The name to sign in with.</param>
/// <param name="DisplayName">The name that people read.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="Role">The highest role that holds everywhere, or null.</param>
/// <param name="InCollections">Roles in collections, in words.</param>
/// <param name="DeleteHref">Where to delete him; null for oneself.</param>
public sealed record PersonView(string Name, string DisplayName, string? Email, string? Role, IReadOnlyList<string> InCollections, string? DeleteHref);

/// <summary>What the form for a user holds.</summary>
public sealed record PersonForm(string Name, string DisplayName, string FirstName, string LastName, string Email, string Role);
