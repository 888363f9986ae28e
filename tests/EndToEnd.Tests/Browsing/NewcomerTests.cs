using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>
/// What a newcomer does first, with the example configuration and the demo, in a real browser: signs in, opens a record, types a collection
/// number, presses a button, and sees the fields filled by a system that was called from the server.
/// </summary>
public sealed partial class NewcomerTests(NewcomersHost host, Browser browser) : IClassFixture<NewcomersHost>, IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_typed_collection_number_and_a_press_fill_the_record(bool withScripts)
    {
        var page = await browser.OpenAsync(host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        var name = withScripts ? "with-scripts" : "without-scripts";

        // Signs in with an account that the page itself names.
        await page.GotoAsync("/");
        await Expect(page.GetByText("editor-demo")).ToBeVisibleAsync();
        await Browser.PictureAsync(page, $"newcomer-{name}-1-sign-in");
        await page.GetByLabel("User name").FillAsync("editor");
        await page.GetByLabel("Password").FillAsync("editor-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Records", Exact = true })).ToBeVisibleAsync();
        await Browser.PictureAsync(page, $"newcomer-{name}-2-records");

        // Makes a record of its own, so that the order of the tests does not matter.
        await page.GetByRole(AriaRole.Link, new() { Name = "New record" }).ClickAsync();
        await page.GetByLabel("Title").FillAsync("Still to be described");
        await page.Locator("#new").GetByRole(AriaRole.Button, new() { Name = "Create record" }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();

        // Types a number and presses.
        await page.GetByLabel("Collection number").FillAsync(NewcomersHost.CollectionNumber);
        await page.GetByRole(AriaRole.Button, new() { Name = "Fetch object data from CMS" }).ClickAsync();

        await Expect(page.Locator(".banner")).ToContainTextAsync("Fetch object data from CMS: done");
        await Browser.PictureAsync(page, $"newcomer-{name}-3-fetched");
        await Expect(page).ToHaveURLAsync(EditAddress());
        await Expect(page.GetByLabel("Collection number")).ToHaveValueAsync(NewcomersHost.CollectionNumber);
        await Expect(page.GetByLabel("Title")).Not.ToHaveValueAsync("Still to be described");
        await Expect(page.GetByLabel("Description")).Not.ToHaveValueAsync("");
        await Expect(page.GetByLabel("Creator")).Not.ToHaveValueAsync("");

        // A reload repeats nothing and says the same.
        await page.ReloadAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("Fetch object data from CMS: done");
    }

    [GeneratedRegex(@"/records/\d+/edit\?press=")]
    private static partial Regex EditAddress();
}

/// <summary>The host as a newcomer starts it: Development, a new data directory, the example configuration.</summary>
public sealed class NewcomersHost : IAsyncLifetime
{
    /// <summary>An object that the demo's collections management system knows.</summary>
    public const string CollectionNumber = "CM-1042";

    private HostProcess? _host;

    public Uri BaseUri => _host!.BaseUri;

    public async Task InitializeAsync()
    {
        if (InstalledBrowser.Path is not null)
            _host = await HostProcess.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
