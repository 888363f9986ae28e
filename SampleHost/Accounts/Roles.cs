namespace SampleHost.Accounts;

/// <summary>The four roles, each implying those before it.</summary>
internal static class Roles
{
    public const string Viewer = "viewer";
    public const string Editor = "editor";
    public const string Admin = "admin";
    public const string SysAdmin = "sysadmin";

    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Editor, Admin, SysAdmin];

    public static bool Exists(string role) => All.Contains(role);

    /// <summary>The roles with everything they imply.</summary>
    public static IReadOnlySet<string> WithImplied(IEnumerable<string> roles)
    {
        var highest = roles.Select(role => All.ToList().IndexOf(role)).DefaultIfEmpty(-1).Max();
        return All.Take(highest + 1).ToHashSet(StringComparer.Ordinal);
    }
}
