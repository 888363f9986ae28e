using System.Net.Http.Headers;
using System.Net.Http.Json;
using EndToEnd.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Pages;

/// <summary>A subscription made, tried, deleted and had back in a real browser, with and without scripts.</summary>
public sealed class SubscriptionTests(NewcomersHost host, Browser browser) : IClassFixture<NewcomersHost>, IClassFixture<Browser>
{
    private const string Root = "/plugins/ApiWebhooks/subscriptions";

    [BrowserFact]
    public async Task Faults_and_preview_follow_what_is_typed_and_the_focus_stays()
    {
        var record = await InsertAsync("A lighthouse to preview");
        var page = await SignInAsync(withScripts: true);
        await page.GotoAsync(Root + "/new?dialect=standard");
        await page.GetByLabel("Label").FillAsync("Live <i>hub</i>");
        var url = page.GetByLabel("URL");
        await url.FillAsync("ftp://hub.example.org/");
        var events = page.GetByLabel("Events");
        await events.FocusAsync();
        await Expect(page.Locator("#f-url-notes .error")).ToContainTextAsync("Only http and https");
        await Expect(url).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(events).ToBeFocusedAsync();
        await Browser.PictureAsync(page, "subscription-live-fault", fullPage: true);

        // Mended, the fault goes while the field still has the focus, and the request is there.
        await url.FillAsync("https://hub.example.org/in?token=planted-in-the-url1");
        await Expect(page.Locator("#f-url-notes .error")).ToHaveCountAsync(0);
        await Expect(url).ToBeFocusedAsync();
        var preview = page.Locator("[data-preview]");
        await Expect(preview).ToContainTextAsync("https://hub.example.org/in?token=***");
        await page.GetByLabel("Record").FillAsync(record);
        await Expect(preview).ToContainTextAsync("A lighthouse to preview");
        await Expect(preview).ToContainTextAsync("webhook-signature: v1,");
        await Expect(preview).ToContainTextAsync("an example's secret");
        await page.GetByLabel("Record").FillAsync("999999");
        await Expect(preview).ToContainTextAsync("There is no record 999999");
        await page.GetByLabel("Record").FillAsync(record);
        await Expect(preview).ToContainTextAsync("A lighthouse to preview");
        await Browser.PictureAsync(page, "subscription-live-preview", fullPage: true);

        await page.GetByRole(AriaRole.Button, new() { Name = "Create subscription" }).ClickAsync();
        await Expect(page.Locator(".webhooks-secret")).ToContainTextAsync("whsec_");
        await page.ReloadAsync();
        await Expect(page.Locator(".webhooks-secret")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Live <i>hub</i>");
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_made_tried_deleted_and_had_back(bool withScripts)
    {
        var name = withScripts ? "With scripts" : "Without scripts";
        var page = await SignInAsync(withScripts);
        await page.GotoAsync(Root);
        await page.GetByRole(AriaRole.Link, new() { Name = "New subscription" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Standard Webhooks" }).ClickAsync();
        await page.GetByLabel("Label").FillAsync(name);
        await page.GetByLabel("URL").FillAsync("ftp://nowhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create subscription" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was saved yet.");
        await Expect(page.Locator("#f-url-notes .error")).ToContainTextAsync("Only http and https");
        await page.GetByLabel("URL").FillAsync(new Uri(host.BaseUri, "/demo/receiver").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-preview]")).ToContainTextAsync("webhook-signature: v1,");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create subscription" }).ClickAsync();
        await Expect(page.Locator(".webhooks-secret")).ToContainTextAsync("whsec_");

        await page.GetByRole(AriaRole.Link, new() { Name = "Send a test" }).ClickAsync();
        await page.GetByLabel("Event").SelectOptionAsync("record.deleted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        var trial = page.Locator(".subscriptions-trial");
        await Expect(trial).ToContainTextAsync("webhook-test: true");
        await Expect(trial).ToContainTextAsync("\"type\":\"record.deleted\"");
        await Expect(trial).ToContainTextAsync("Nothing of it is kept");
        await Expect(trial.Locator(".webhooks-mark")).ToHaveCountAsync(1);
        await Browser.PictureAsync(page, $"subscription-test-{withScripts}", fullPage: true);

        await page.GetByRole(AriaRole.Link, new() { Name = "← " + name }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete subscription" }).ClickAsync();
        await Expect(page.GetByText($"“{name}” is deleted.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true })).ToHaveCountAsync(0);
        await page.Locator(".subscriptions-undo", new() { HasText = name }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator(".webhooks-notice")).ToContainTextAsync("It is back, as it was.");
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true })).ToBeVisibleAsync();
    }

    private async Task<IPage> SignInAsync(bool withScripts)
    {
        var page = await browser.OpenAsync(host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync("/signin?returnUrl=%2Fplugins%2FApiWebhooks%2F");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        return page;
    }

    private async Task<string> InsertAsync(string title)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("demo-editor-key");
        using var answer = await client.PostAsJsonAsync("/api/records", new { title });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
