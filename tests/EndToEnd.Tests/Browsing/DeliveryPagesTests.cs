using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>The list of deliveries and the page of one, in a real browser.</summary>
public sealed class DeliveryPagesTests(Browser browser) : IClassFixture<Browser>
{
    // The host itself answers: its receiver of the demo takes what comes, and any other address is not there.
    private const string Config = """
        {
          "hooks": [
            { "label": "Nobody is there", "key": "nobody", "url": "http://127.0.0.1:1/in" },
            { "label": "Second nobody", "key": "second", "url": "http://127.0.0.1:1/other" },
          ],
          "delivery": { "jitterPercent": 0, "schedule": ["0s", "1h"] }, "network": { "allow": ["127.0.0.0/8"] },
        }
        """;

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_delivery_is_found_by_the_filter_understood_and_sent_again(bool withScripts)
    {
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = Config });
        var page = await SignInAsync(host, withScripts);
        await InsertAsync(host);
        await InsertAsync(host);
        var rows = page.Locator("#deliveries-rows tbody tr");
        await ReloadUntilAsync(page, () => rows.Filter(new() { HasText = "waiting" }).CountAsync(), 4);

        await page.GetByLabel("Subscription").SelectOptionAsync("Nobody is there");
        await page.GetByLabel("Last answer").FillAsync("ConnectFailed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("Nobody is there");
        await Browser.PictureAsync(page, $"deliveries-filtered-{withScripts}", fullPage: true);

        await rows.First.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.GetByText("What to do:")).ToBeVisibleAsync();
        await Expect(page.GetByText("Check that the receiver runs")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new("Where the time went: Connect") })).ToBeVisibleAsync();
        await Expect(page.GetByText("curl --globoff")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy" })).ToHaveCountAsync(withScripts ? 1 : 0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again now" }).ClickAsync();
        await Expect(page.Locator(".webhooks-notice")).ToContainTextAsync("It is sent again now.");
        await ReloadUntilAsync(page, () => page.Locator(".deliveries-timeline > li").CountAsync(), 2);
        await Browser.PictureAsync(page, $"delivery-{withScripts}", fullPage: true);
        await page.GetByRole(AriaRole.Link, new() { Name = "← Deliveries" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);
    }

    [BrowserFact]
    public async Task New_deliveries_appear_by_themselves_as_the_filter_wants_them_until_it_is_paused()
    {
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = Config });
        var page = await SignInAsync(host, withScripts: true);
        await page.GetByLabel("Subscription").SelectOptionAsync("Second nobody");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        var rows = page.Locator("#deliveries-rows tbody tr");
        await Expect(page.GetByText("Live: new deliveries appear")).ToBeVisibleAsync();
        await Expect(rows).ToHaveCountAsync(0);
        await page.EvaluateAsync("window.stillTheSame = true");
        await InsertAsync(host);
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.First).ToContainTextAsync("waiting");
        await Expect(rows.First).ToContainTextAsync("Second nobody");
        // A row that stays keeps its focus.
        await rows.First.GetByRole(AriaRole.Link).First.FocusAsync();
        await InsertAsync(host);
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(1).GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await Browser.PictureAsync(page, "deliveries-live", fullPage: true);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Paused: reload or go on")).ToBeVisibleAsync();
        await InsertAsync(host);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
        Assert.True(await page.EvaluateAsync<bool>("window.stillTheSame"));
    }

    private async Task<IPage> SignInAsync(HostProcess host, bool withScripts)
    {
        var page = await browser.OpenAsync(host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync("/signin?returnUrl=%2Fplugins%2FApiWebhooks%2Fdeliveries");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        return page;
    }

    private static async Task ReloadUntilAsync(IPage page, Func<Task<int>> count, int wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await count() != wanted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
            await page.GetByRole(AriaRole.Link, new() { Name = "Reload" }).ClickAsync();
        }
    }

    private static async Task InsertAsync(HostProcess host)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("demo-editor-key");
        using var answer = await client.PostAsJsonAsync("/api/records", new { title = "A record to tell of" });
        answer.EnsureSuccessStatusCode();
    }
}
