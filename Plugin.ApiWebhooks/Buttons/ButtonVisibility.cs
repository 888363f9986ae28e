using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Decides who sees a button where. A press is held against the same rules.</summary>
internal static class ButtonVisibility
{
    /// <summary>Whether a button stands on a page.</summary>
    public static bool IsShown(ButtonSettings button, EditPageContext page) =>
        string.Equals(button.Location, page.Location, StringComparison.OrdinalIgnoreCase)
        && (button.Types.Count == 0 || button.Types.Contains(page.Record.Type, StringComparer.OrdinalIgnoreCase))
        && (button.Roles.Count == 0 || button.Roles.Any(role => HasRole(page.User, page.Record, role)));

    // Roles are lower case by contract; config.json is written by people.
    private static bool HasRole(HostUser user, RecordSnapshot record, string role)
    {
        var name = role.Trim().ToLowerInvariant();
        return user.Roles.Contains(name)
            || (record.Collection is { } collection && user.CollectionRoles.TryGetValue(collection, out var roles) && roles.Contains(name));
    }
}
