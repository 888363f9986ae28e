using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>Who may manage webhooks by CKAN's actions, as <c>ckanext.webhooks.minimum_auth</c> says it; and whose.</summary>
internal static class CkanRights
{
    private const string Editor = "editor";
    private const string Admin = "admin";
    private const string Sysadmin = "sysadmin";

    /// <summary>Whether a user may use the actions. A role in any one collection is enough, as one in any one organisation is in CKAN.</summary>
    public static bool MayManage(HostUser user, CkanMinimumAuth minimum) => IsSysadmin(user) || minimum switch
    {
        CkanMinimumAuth.None => true,
        CkanMinimumAuth.Editor => HasAnywhere(user, Editor),
        CkanMinimumAuth.Admin => HasAnywhere(user, Admin),
        _ => false,
    };

    /// <summary>Whether a user may see and change a webhook: its owner, and sysadmins.</summary>
    public static bool IsTheirs(HostUser user, string owner) => IsSysadmin(user) || user.Name.Equals(owner, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a user may manage everybody's.</summary>
    public static bool IsSysadmin(HostUser user) => user.Roles.Contains(Sysadmin);

    private static bool HasAnywhere(HostUser user, string role) => user.Roles.Contains(role) || user.CollectionRoles.Values.Any(roles => roles.Contains(role));
}
