namespace SampleHost.Demo.Content;

/// <summary>A record of the demo, as it is inserted into a new data directory.</summary>
/// <param name="Type">The name of its content type.</param>
/// <param name="Title">Its title.</param>
internal sealed record DemoRecord(string Type, string Title)
{
    public string Language { get; init; } = "en";

    public bool Private { get; init; }

    public bool Draft { get; init; }

    public string? Description { get; init; }

    public string? Creator { get; init; }

    public string? Date { get; init; }

    public string? Place { get; init; }

    /// <summary>The number in the collections management system; null leaves it to the newcomer to type one.</summary>
    public string? CollectionNumber { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Further values by field name.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of embedded images, the first being the thumbnail.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Values by field name; what the type does not have is never set here.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields()
    {
        var fields = new Dictionary<string, IReadOnlyList<string>> { ["title"] = [Title] };
        foreach (var (name, value) in new[] { ("description", Description), ("creator", Creator), ("date", Date), ("location", Place), ("cmsid", CollectionNumber) })
        {
            if (value is not null)
                fields[name] = [value];
        }

        if (Keywords.Count > 0)
            fields["keywords"] = Keywords;
        foreach (var (name, value) in More)
            fields[name] = [value];
        return fields;
    }
}
