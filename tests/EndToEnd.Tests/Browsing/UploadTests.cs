using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>Buttons on the defaults for an upload and in its review, in a real browser, with the real plugin and another system that writes back.</summary>
public sealed class UploadTests(HostWithOtherSystem setting, Browser browser) : IClassFixture<HostWithOtherSystem>, IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_press_wrote_into_the_defaults_comes_with_each_file_and_a_press_in_the_review_stays(bool withScripts)
    {
        var page = await OpenAsync(withScripts);
        await page.GetByRole(AriaRole.Link, new() { Name = "Change the defaults" }).ClickAsync();
        await page.GetByLabel("Place").FillAsync("Typed place");
        await page.Locator(".presses button").First.ClickAsync();
        await Expect(page.Locator(".banner.good")).ToContainTextAsync("200");
        await Expect(page.GetByLabel("Description")).ToHaveValueAsync("Written by the other system");
        Assert.Contains(setting.System.Calls, id => id < 0);
        await Browser.PictureAsync(page, $"upload-defaults-{withScripts}");
        await page.Locator(".bar-left button").ClickAsync();
        await Expect(page.Locator(".banner.good")).ToContainTextAsync("Defaults saved");

        await page.GetByLabel("Files from your computer").SetInputFilesAsync([File("first.txt"), File("second.txt")]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Title")).ToHaveValueAsync("first");
        await Expect(page.GetByLabel("Place")).ToHaveValueAsync("Typed place");
        await page.GetByLabel("Description").FillAsync("Typed in the review");
        await page.Locator(".presses button").First.ClickAsync();
        await Expect(page.GetByLabel("Description")).ToHaveValueAsync("Written by the other system");
        await Expect(page.GetByLabel("Title")).ToHaveValueAsync("first");
        await Expect(page.GetByText("1 more of your upload")).ToBeVisibleAsync();
        await Browser.PictureAsync(page, $"upload-review-{withScripts}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save and next" }).ClickAsync();
        await Expect(page.GetByLabel("Title")).ToHaveValueAsync("second");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and finish" }).ClickAsync();
        await Expect(page.Locator(".banner.good")).ToContainTextAsync("Upload reviewed");
    }

    [BrowserFact]
    public async Task A_press_that_takes_long_is_followed_without_scripts_and_leads_back_into_the_review()
    {
        var page = await OpenAsync(withScripts: false);
        await page.GetByLabel("Files from your computer").SetInputFilesAsync([File("slow.txt"), File("after.txt")]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        var before = setting.System.Calls.Count;
        await page.Locator(".presses button", new() { HasText = "Wait" }).ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("still running");
        // The page does not wait for the other system, so neither for its being called.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (setting.System.Calls.Count == before)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        setting.System.Answer(setting.System.Calls.Last());
        await page.FrameLocator(".banner iframe").GetByRole(AriaRole.Link, new() { Name = "Show the fresh data" }).ClickAsync();

        await Expect(page.Locator(".banner")).ToContainTextAsync("Now it is done.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save and next" })).ToBeVisibleAsync();
    }

    private async Task<IPage> OpenAsync(bool withScripts)
    {
        var page = await browser.OpenAsync(setting.Host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync("/upload");
        await page.GetByLabel("User name").FillAsync("editor");
        await page.GetByLabel("Password").FillAsync("editor-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Upload", Exact = true })).ToBeVisibleAsync();
        return page;
    }

    private static FilePayload File(string name) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes($"content of {name}") };
}
