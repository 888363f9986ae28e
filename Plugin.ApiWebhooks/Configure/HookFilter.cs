using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// Which of the changes that a hook asks for it is sent: all of what is given must hold. Types and collections are compared without regard to letter case, values
/// exactly.
/// </summary>
internal sealed record HookFilter
{
    /// <summary>The content types of records; empty for all. A change that is of no record is not sent when there are any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>
    /// The collections, by name; empty for all. A record that was moved is looked for in both, so that it is also told who left. A registration is of its collection;
    /// other changes of no record are not sent when there are any.
    /// </summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>The fields of which one must have changed; empty for all changes.</summary>
    public IReadOnlyList<FieldFilter> Fields { get; init; } = [];

    /// <summary>Whether a change passes.</summary>
    public bool Passes(Change change) => PassesType(change) && PassesCollection(change) && PassesFields(change);

    /// <summary>Which part keeps a change out, for people; null when it passes.</summary>
    public FilterPart? FindObstacle(Change change) =>
        !PassesType(change) ? FilterPart.Types : !PassesCollection(change) ? FilterPart.Collections : !PassesFields(change) ? FilterPart.Fields : null;

    private bool PassesType(Change change) => Types.Count == 0 || (change.Record is { } record && Holds(Types, record.Type));

    private bool PassesCollection(Change change) => Collections.Count == 0
        || Holds(Collections, change.Record?.Collection) || Holds(Collections, change.PreviousCollection?.Name) || Holds(Collections, change.Registration?.Collection.Name);

    private bool PassesFields(Change change)
    {
        if (Fields.Count == 0)
            return true;
        foreach (var changed in change.ChangedFields)
        {
            foreach (var field in Fields)
            {
                if (field.Passes(changed))
                    return true;
            }
        }
        return false;
    }

    private static bool Holds(IReadOnlyList<string> names, string? name)
    {
        if (name is null)
            return false;
        foreach (var each in names)
        {
            if (string.Equals(each, name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}

/// <summary>A part of a filter.</summary>
internal enum FilterPart
{
    Types,
    Collections,
    Fields,
}

/// <summary>A field that must have changed.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="From">One of these values must have gone; empty for any change. The empty text: there was no value before.</param>
/// <param name="To">One of these values must have come; empty for any change. The empty text: there is no value any more.</param>
internal sealed record FieldFilter(string Name, IReadOnlyList<string> From, IReadOnlyList<string> To)
{
    /// <summary>Whether a changed field passes. At an insert every field that has a value came from none.</summary>
    public bool Passes(ChangedField changed) =>
        string.Equals(changed.Name, Name, StringComparison.OrdinalIgnoreCase)
        && (From.Count == 0 || HasOneThat(From, changed.Before, changed.After)) && (To.Count == 0 || HasOneThat(To, changed.After, changed.Before));

    // One of the wanted values is among the ones and not among the others.
    private static bool HasOneThat(IReadOnlyList<string> wanted, IReadOnlyList<string> isAmong, IReadOnlyList<string> isNotAmong)
    {
        foreach (var value in wanted)
        {
            if (value.Length == 0 ? isAmong.Count == 0 && isNotAmong.Count > 0 : Contains(isAmong, value) && !Contains(isNotAmong, value))
                return true;
        }
        return false;
    }

    private static bool Contains(IReadOnlyList<string> values, string value)
    {
        foreach (var each in values)
        {
            if (each == value)
                return true;
        }
        return false;
    }
}
