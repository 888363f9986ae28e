using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Decides who sees a button where. A press is held against the same rules.</summary>
internal static class ButtonVisibility
{
    /// <summary>What keeps a button from standing on a page.</summary>
    internal enum Obstacle
    {
        /// <summary>It is for another place.</summary>
        Location,

        /// <summary>It is for records of other types.</summary>
        Type,

        /// <summary>The user has none of its roles.</summary>
        Role,
    }

    /// <summary>Whether a button stands on a page.</summary>
    public static bool IsShown(ButtonSettings button, EditPageContext page) => FindObstacle(button, page) is null;

    /// <summary>What keeps a button from standing on a page; null when it stands there.</summary>
    public static Obstacle? FindObstacle(ButtonSettings button, EditPageContext page)
    {
        if (!string.Equals(button.Location, page.Location, StringComparison.OrdinalIgnoreCase))
            return Obstacle.Location;
        if (button.Types.Count > 0 && !button.Types.Contains(page.Record.Type, StringComparer.OrdinalIgnoreCase))
            return Obstacle.Type;
        return button.Roles.Count == 0 || button.Roles.Any(role => HasRole(page.User, page.Record, role)) ? null : Obstacle.Role;
    }

    // Roles are lower case by contract; config.json is written by people.
    private static bool HasRole(HostUser user, RecordSnapshot record, string role)
    {
        var name = role.Trim().ToLowerInvariant();
        return user.Roles.Contains(name)
            || (record.Collection is { } collection && user.CollectionRoles.TryGetValue(collection, out var roles) && roles.Contains(name));
    }
}
