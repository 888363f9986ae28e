using Dam.Hosting;
using Plugin.ApiWebhooks.Api;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Who may do what with webhook subscriptions. Contensis grants five actions by role; here the role <c>admin</c>, and with it <c>sysadmin</c>, has all of them for the
/// subscriptions of all projects, and nobody else has any. What a subscription is sent is another matter: what its creator may see.
/// </summary>
internal static class ContensisRights
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string View = "view";
    public const string UseCustomTemplates = "useCustomTemplates";

    private static readonly string[] All = [Create, Update, Delete, View, UseCustomTemplates];

    /// <summary>The actions that a user may do.</summary>
    public static IReadOnlyList<string> Of(HostUser user) => user.Roles.Contains(Gate.AdminRole) ? All : [];

    /// <summary>Whether a user may do an action; letter case does not matter.</summary>
    public static bool May(HostUser user, string action) => Of(user).Contains(action, StringComparer.OrdinalIgnoreCase);
}
