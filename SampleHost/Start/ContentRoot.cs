namespace SampleHost.Start;

/// <summary>
/// Finds the content root when neither command line nor environment names one: the current directory if the host's settings lie there, else
/// the project's folder for a build output, else the program's own folder. So the data directory does not depend on where somebody stood.
/// </summary>
internal static class ContentRoot
{
    private const string Settings = "appsettings.json";
    private const string Project = "SampleHost.csproj";

    /// <returns>The folder, or null when the usual sources name one.</returns>
    public static string? Find(IReadOnlyList<string> args)
    {
        var isNamed = args.Any(arg => arg.TrimStart('-', '/').StartsWith(HostDefaults.ContentRootKey, StringComparison.OrdinalIgnoreCase))
            || Environment.GetEnvironmentVariable("ASPNETCORE_CONTENTROOT") is not null
            || Environment.GetEnvironmentVariable("DOTNET_CONTENTROOT") is not null;
        if (isNamed || File.Exists(Path.Combine(Environment.CurrentDirectory, Settings)))
            return null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Project)))
                return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }
}
