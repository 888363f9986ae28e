namespace EndToEnd.Tests.Browsing;

/// <summary>A test that needs a browser; skipped with the reason where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (InstalledBrowser.Path is null)
            Skip = InstalledBrowser.Missing;
    }
}

/// <summary>A theory that needs a browser; skipped with the reason where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (InstalledBrowser.Path is null)
            Skip = InstalledBrowser.Missing;
    }
}

/// <summary>The browser of this machine. None is downloaded.</summary>
internal static class InstalledBrowser
{
    public const string Missing =
        "No browser: install Chromium (Debian: apt-get install chromium; tests/run.sh does it as root), or name one in the variable BROWSER_PATH.";

    /// <summary>Its program, or null when there is none.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BROWSER_PATH") is { Length: > 0 } named)
            return named;
        return Candidates().FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Candidates()
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (var root in new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86 })
            {
                yield return System.IO.Path.Combine(Environment.GetFolderPath(root), "Google", "Chrome", "Application", "chrome.exe");
                yield return System.IO.Path.Combine(Environment.GetFolderPath(root), "Microsoft", "Edge", "Application", "msedge.exe");
            }

            yield break;
        }

        yield return "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            foreach (var name in new[] { "chromium", "chromium-browser", "google-chrome" })
                yield return System.IO.Path.Combine(folder, name);
        }
    }
}
