namespace SampleHost.Demo.Cms;

/// <summary>An object as the demo's collections management system knows it.</summary>
/// <param name="Number">Its collection number.</param>
/// <param name="Title">What it is called there.</param>
internal sealed record CmsObject(string Number, string Title)
{
    public required string Creator { get; init; }

    /// <summary>As the collection writes it.</summary>
    public required string Date { get; init; }

    /// <summary>The same as a year, a month or a day, for fields that ask for one.</summary>
    public required string NormalisedDate { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Keywords { get; init; }

    public required string Material { get; init; }

    public required string Dimensions { get; init; }

    public required string Place { get; init; }
}
