using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>A press in a real browser, seen afterwards on the record's page, in the history, and on a page of its own.</summary>
public sealed class PressHistoryTests(HostWithOtherSystem setting, Browser browser) : IClassFixture<HostWithOtherSystem>, IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_press_is_seen_on_the_record_and_in_the_history_with_what_was_answered_and_what_to_do()
    {
        var id = await setting.InsertAsync();
        var page = await SignInAsync("sysadmin", $"/records/{id}/edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fail" }).ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("500");

        var panel = await ShowPanelAsync(page, id);
        await Expect(panel.GetByText("Record created")).ToBeVisibleAsync();
        // What came from outside is text.
        await Expect(panel.GetByText("<i>The shelf is empty</i>")).ToBeVisibleAsync();
        await Browser.PictureAsync(page, "record-panel", fullPage: true);
        await panel.GetByRole(AriaRole.Link, new() { Name = "Fail" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Press of “Fail”");
        await Expect(page.GetByText("look into its log")).ToBeVisibleAsync();
        await Expect(page.Locator("pre").First).ToContainTextAsync($"/fail?id={id}");
        await Expect(page.Locator("pre").Last).ToContainTextAsync("<i>The shelf is empty</i>");

        await page.GotoAsync("/plugins/ApiWebhooks/buttons/presses");
        await page.GetByLabel("Outcome").SelectOptionAsync("failed");
        await page.GetByLabel("Record").FillAsync($"{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("500");
        await page.GotoAsync($"/plugins/ApiWebhooks/buttons?record={id}&role=viewer#check");
        await Expect(page.GetByText("Somebody with the role viewer may not edit")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_editor_comes_from_the_record_to_its_presses_and_no_further()
    {
        var id = await setting.InsertAsync();
        var page = await SignInAsync("editor", $"/records/{id}/edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fail" }).ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("500");
        await (await ShowPanelAsync(page, id)).GetByRole(AriaRole.Link, new() { Name = "Fail" }).ClickAsync();
        await Expect(page.GetByText("Press again later, or tell those who look after that system.")).ToBeVisibleAsync();
        await Expect(page.Locator("pre")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "← Presses" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Equal(403, (await page.GotoAsync("/plugins/ApiWebhooks/buttons/presses"))!.Status);
    }

    // A page waits a second for its panels: one that was not drawn by then is there the next time.
    private static async Task<ILocator> ShowPanelAsync(IPage page, long id)
    {
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "API Webhooks" });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            await page.GotoAsync($"/records/{id}");
        }
        while (await panel.CountAsync() == 0);
        return panel;
    }

    private async Task<IPage> SignInAsync(string user, string path)
    {
        var page = await browser.OpenAsync(setting.Host.BaseUri);
        await page.GotoAsync(path);
        await page.GetByLabel("User name").FillAsync(user);
        await page.GetByLabel("Password").FillAsync($"{user}-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator(".presses")).ToBeVisibleAsync();
        return page;
    }
}
