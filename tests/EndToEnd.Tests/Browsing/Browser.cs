using Microsoft.Playwright;

namespace EndToEnd.Tests.Browsing;

/// <summary>One browser for all tests of a class; each test opens a window of its own, with its own cookies.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (InstalledBrowser.Path is null)
            return;
        MakeDriverExecutable();
        // What is expected is waited for, and a machine with much to do takes long.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = InstalledBrowser.Path, Args = Arguments });
    }

    /// <summary>Opens a window.</summary>
    public async Task<IPage> OpenAsync(Uri baseUri, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = baseUri.ToString(),
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            Locale = "en-GB",
        };
        configure?.Invoke(options);
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>Closes all windows: pages that renew themselves would go on doing so beside the tests that follow.</summary>
    public async Task CloseWindowsAsync()
    {
        foreach (var context in _browser?.Contexts.ToList() ?? [])
            await context.CloseAsync();
    }

    /// <summary>Keeps a picture of a page among the tests' artefacts.</summary>
    public static Task PictureAsync(IPage page, string name, bool fullPage = false) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(HostProcess.Repository, "tests", "artefacts", $"{name}.png"), FullPage = fullPage });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    // A package carries no file modes: the driver that Playwright brings along lost its own.
    private static void MakeDriverExecutable()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Path.Combine(AppContext.BaseDirectory, ".playwright", "node");
        foreach (var node in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "node", SearchOption.AllDirectories) : [])
        {
            const UnixFileMode run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(node, File.GetUnixFileMode(node) | run);
        }
    }
}
