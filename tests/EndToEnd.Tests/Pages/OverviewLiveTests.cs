using System.Net.Http.Headers;
using System.Net.Http.Json;
using EndToEnd.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Pages;

/// <summary>The overview, as it renews itself under the eyes of whoever looks at it.</summary>
public sealed class OverviewLiveTests(Browser browser) : IClassFixture<Browser>
{
    private const string Config = """
        { "hooks": [{ "label": "Nobody is there", "url": "http://127.0.0.1:1/" }], "delivery": { "jitterPercent": 0 }, "network": { "allow": ["127.0.0.0/8"] } }
        """;

    [BrowserFact]
    public async Task What_goes_wrong_is_seen_without_reloading_and_typing_is_not_disturbed()
    {
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = Config });
        var page = await SignInAsync(host, withScripts: true);
        var heading = page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First;
        await Expect(heading).ToContainTextAsync("Everything is delivered.");
        await page.EvaluateAsync("window.stillTheSame = true");
        var filter = page.GetByLabel("Label, key or address contains");
        await filter.FillAsync("nobo");

        await InsertAsync(host);
        await Expect(heading).ToContainTextAsync("One thing needs attention.");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "“Nobody is there” fails: its receiver takes nothing." })).ToBeVisibleAsync();
        await Expect(page.Locator("#overview-undelivered").GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("No connection to the receiver");
        await Expect(filter).ToHaveValueAsync("nobo");
        await Expect(filter).ToBeFocusedAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.stillTheSame"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Update again" })).ToBeVisibleAsync();
        await Browser.PictureAsync(page, "overview-live", fullPage: true);
    }

    [BrowserFact]
    public async Task Without_scripts_the_page_is_whole_and_filtered_by_its_form()
    {
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = Config });
        var page = await SignInAsync(host, withScripts: false);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" })).ToHaveCountAsync(0);
        await page.GetByLabel("Label, key or address contains").FillAsync("nothing of the kind");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No subscription matches.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Nobody is there", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Last 24 hours: nothing was sent" })).ToBeVisibleAsync();
    }

    private async Task<IPage> SignInAsync(HostProcess host, bool withScripts)
    {
        var page = await browser.OpenAsync(host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync("/signin?returnUrl=%2Fplugins%2FApiWebhooks%2F");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        return page;
    }

    private static async Task InsertAsync(HostProcess host)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("demo-editor-key");
        using var answer = await client.PostAsJsonAsync("/api/records", new { title = "A record to tell of" });
        answer.EnsureSuccessStatusCode();
    }
}
