using Dam.Hosting;

namespace SampleHost.Accounts;

/// <summary>Who may do what; the only place that decides it.</summary>
/// <remarks>
/// <code>
/// right             viewer            editor                  admin    sysadmin   owner of the record
/// see, published    if not private    if not private          yes      yes        yes
/// see, draft        no                if not private          yes      yes        yes
/// insert, edit,     no                if it may be seen       yes      yes        with the role editor
///   delete, files,
///   publish
/// workflow event    the role that the event names, on a record that may be edited
/// see a feed        yes               yes                     yes      yes        without any role: public feeds only
/// create a feed     no                no                      yes      yes
/// publish an entry  no                yes                     yes      yes
/// read change log   no                no                      no       yes
/// see other users   no                no                      yes      yes
/// create, change,   no                no                      no       yes
///   delete users
/// ask for access    yes               yes                     yes      yes
///   to a collection
/// decide on it      no                no                      yes      yes        admin of the collection
/// order records     if it may be seen if it may be seen       yes      yes        yes
/// deliver, deny     no                no                      yes      yes
///   an order
/// </code>
/// A record is moved by whoever may edit it and may insert where it goes.
/// A role in one collection counts for the records of that collection, private ones included; a role that holds everywhere counts
/// everywhere, but below <c>admin</c> not for private records. Nobody sees anything without signing in.
/// </remarks>
internal static class Rights
{
    public static bool CanSee(HostUser user, RecordSnapshot record) =>
        user.Roles.Contains(Roles.Admin)
        || record.Owner.Equals(user.Name, StringComparison.OrdinalIgnoreCase)
        || Has(user, record, record.Draft ? Roles.Editor : Roles.Viewer);

    public static bool CanEdit(HostUser user, RecordSnapshot record) => CanAct(user, record, Roles.Editor);

    /// <summary>Whether the user may act on the record with at least a role.</summary>
    public static bool CanAct(HostUser user, RecordSnapshot record, string role) =>
        user.Roles.Contains(Roles.Admin) && user.Roles.Contains(role)
        || record.Owner.Equals(user.Name, StringComparison.OrdinalIgnoreCase) && user.Roles.Contains(role)
        || Has(user, record, role);

    /// <summary>Whether the user may create records in a collection, or outside of any when it is null.</summary>
    public static bool CanInsert(HostUser user, string? collection) =>
        user.Roles.Contains(Roles.Editor) || collection is not null && HasIn(user, collection, Roles.Editor);

    /// <summary>Whether there is any place where the user may create records: asked before a long upload is read.</summary>
    public static bool CanInsertSomewhere(HostUser user) =>
        user.Roles.Contains(Roles.Editor) || user.CollectionRoles.Values.Any(roles => roles.Contains(Roles.Editor));

    public static bool CanSeeFeed(HostUser user, bool isPublic) => isPublic || user.Roles.Count > 0 || user.CollectionRoles.Count > 0;

    public static bool CanCreateFeed(HostUser user) => user.Roles.Contains(Roles.Admin);

    public static bool CanCreateCollection(HostUser user) => user.Roles.Contains(Roles.Admin);

    public static bool CanPublishEntry(HostUser user) => user.Roles.Contains(Roles.Editor);

    public static bool CanReadChangeLog(HostUser user) => user.Roles.Contains(Roles.SysAdmin);

    public static bool CanManagePlugins(HostUser user) => user.Roles.Contains(Roles.SysAdmin);

    public static bool CanListUsers(HostUser user) => user.Roles.Contains(Roles.Admin);

    public static bool CanManageUsers(HostUser user) => user.Roles.Contains(Roles.SysAdmin);

    public static bool CanDecideRegistration(HostUser user, string collection) => user.Roles.Contains(Roles.Admin) || HasIn(user, collection, Roles.Admin);

    public static bool CanDecideOrder(HostUser user) => user.Roles.Contains(Roles.Admin);

    private static bool Has(HostUser user, RecordSnapshot record, string role) =>
        !record.Private && user.Roles.Contains(role)
        || record.Collection is { } collection && HasIn(user, collection, role);

    private static bool HasIn(HostUser user, string collection, string role) =>
        user.CollectionRoles.TryGetValue(collection, out var roles) && roles.Contains(role);
}
