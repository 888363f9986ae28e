namespace Plugin.Tests;

/// <summary>Finds the repository's own files from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string File(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    private static string FindRoot(string from) =>
        System.IO.File.Exists(Path.Combine(from, "ApiWebhooks.sln")) ? from : FindRoot(Path.GetDirectoryName(from)!);
}
