using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>The options of hooks by dialect.</summary>
internal sealed class HookOptionTables(IEnumerable<IDialect> dialects)
{
    /// <summary>The dialects' names, in the order of their registration.</summary>
    public IReadOnlyList<string> Dialects { get; } = [.. dialects.Select(dialect => dialect.Name)];

    /// <summary>The options of a hook in a dialect, those that all have first; of an unknown dialect those of all.</summary>
    public IReadOnlyList<Option> Of(string? dialect)
    {
        var found = dialects.Where(each => string.Equals(each.Name, dialect, StringComparison.OrdinalIgnoreCase)).ToArray();
        return [.. HookOptions.All, .. (found.Length > 0 ? found : dialects).SelectMany(each => each.Options)];
    }
}
