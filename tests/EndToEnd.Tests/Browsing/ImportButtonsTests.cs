using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>The page that converts the buttons of a ResourceSpace configuration, in a real browser.</summary>
public sealed class ImportButtonsTests(NewcomersHost host, Browser browser) : IClassFixture<NewcomersHost>, IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pasted_configuration_becomes_buttons_and_a_variable_in_it_is_shown_where_it_stands(bool withScripts)
    {
        var page = await browser.OpenAsync(host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync("/signin?returnUrl=%2Fplugins%2FApiWebhooks%2F");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Import buttons from ResourceSpace" }).ClickAsync();

        await page.GetByLabel("PHP text").FillAsync("<?php\n$api_webhooks_urls = array(\n  array('buttontext' => 'Push <b>', 'url' => $cms . '/push?id='),\n);\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Convert" }).ClickAsync();
        await Expect(page.GetByText("Line 3, column 46")).ToBeVisibleAsync();
        var pasted = await page.GetByLabel("PHP text").InputValueAsync();
        await page.GetByLabel("PHP text").FillAsync(pasted.Replace("$cms", "'https://cms.example.org'", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Convert" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "For config.json" })).ToHaveValueAsync(
            "{\n  \"buttons\": [\n    {\n      \"location\": \"edit\",\n      \"buttontext\": \"Push <b>\",\n      \"url\": \"https://cms.example.org/push?id=\"\n    }\n  ]\n}");
        await Browser.PictureAsync(page, $"import-buttons-{withScripts}", fullPage: true);
    }
}
