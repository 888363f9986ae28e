using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>The edit page's buttons in a real browser, with the real plugin and another system that really answers.</summary>
public sealed class EditPageTests(HostWithOtherSystem setting, Browser browser) : IClassFixture<HostWithOtherSystem>, IClassFixture<Browser>
{
    [BrowserFact]
    public async Task The_first_configured_button_stands_rightmost_the_others_go_leftwards_and_Save_stands_at_the_left()
    {
        var page = await OpenAsync(await setting.InsertAsync());
        var save = await BoxAsync(page.Locator(".bar-left button"));
        var boxes = new List<LocatorBoundingBoxResult>();
        foreach (var button in await page.Locator(".presses button").AllAsync())
            boxes.Add((await button.BoundingBoxAsync())!);

        Assert.Equal("↺ Write back", await page.Locator(".presses button").First.InnerTextAsync());
        Assert.True(boxes.Count > 4);
        Assert.All(boxes, box => Assert.True(box.X > save.X + save.Width));
        Assert.All(boxes.Zip(boxes.Skip(1)), pair => Assert.True(pair.Second.Y > pair.First.Y || pair.Second.X < pair.First.X));
        Assert.True(boxes[^1].Y > boxes[0].Y, "The buttons do not wrap.");
        Assert.True(boxes[0].X + boxes[0].Width > 1200);
        Assert.Equal(800, (await BoxAsync(page.Locator(".bar"))).Y + (await BoxAsync(page.Locator(".bar"))).Height, 1.0);
    }

    [BrowserFact]
    public async Task A_double_click_is_one_press_and_the_page_shows_what_the_other_system_wrote()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        await page.GetByLabel("Place").FillAsync("Typed place");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write back" }).DblClickAsync();

        await Expect(page.Locator(".banner")).ToContainTextAsync("200");
        await Expect(page.GetByLabel("Description")).ToHaveValueAsync("Written by the other system");
        await Expect(page.GetByLabel("Place")).ToHaveValueAsync("Typed place");
        Assert.Equal(1, setting.System.CallsFor(id));
        await page.ReloadAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("200");
        Assert.Equal(1, setting.System.CallsFor(id));
    }

    [BrowserFact]
    public async Task A_second_window_cannot_overwrite_what_the_other_system_wrote()
    {
        var id = await setting.InsertAsync();
        var first = await OpenAsync(id);
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync($"/records/{id}/edit");
        await first.GetByRole(AriaRole.Button, new() { Name = "Write back" }).ClickAsync();
        await Expect(first.GetByLabel("Description")).ToHaveValueAsync("Written by the other system");
        await second.GetByLabel("Description").FillAsync("Typed in the stale window");
        await second.Locator(".bar-left button").ClickAsync();

        await Expect(second.Locator(".banner")).ToContainTextAsync("changed while you were editing");
        await Expect(second.GetByText("Written by the other system")).ToBeVisibleAsync();
        await Expect(second.GetByText("Typed in the stale window")).ToBeVisibleAsync();
        await Browser.PictureAsync(second, "two-versions");
    }

    [BrowserFact]
    public async Task While_a_press_runs_every_button_is_off_and_the_pressed_one_says_so()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        await page.EvaluateAsync("""
            document.addEventListener("submit", () => setTimeout(() => {
              const buttons = [...document.querySelectorAll(".bar button")];
              sessionStorage.seen = JSON.stringify([buttons.every(button => button.disabled), document.getElementById("status").textContent,
                document.querySelector(".bar [aria-busy]")?.textContent]);
            }))
            """);
        var click = page.Locator(".presses button", new() { HasText = "Hold" }).ClickAsync();
        await setting.System.CalledAsync(id);
        setting.System.Answer(id);
        await click;
        await Expect(page.Locator(".banner.good")).ToContainTextAsync("Now it is done.");
        await Expect(page.Locator(".bar-left button")).ToBeEnabledAsync();
        // Looked at from within: while the browser waits for the answer, its driver cannot look.
        Assert.Equal("""[true,"Saving, then calling…","Saving, then calling…"]""", await page.EvaluateAsync<string>("sessionStorage.seen"));
    }

    [BrowserFact]
    public async Task A_press_that_takes_long_tells_its_end_by_itself()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        await page.Locator(".presses button", new() { HasText = "Wait" }).ClickAsync();
        await Expect(page.Locator(".banner.info")).ToContainTextAsync("still running");
        await Browser.PictureAsync(page, "still-running");
        setting.System.Answer(id);

        await Expect(page.Locator(".banner.good")).ToContainTextAsync("Now it is done.");
        Assert.Equal(1, setting.System.CallsFor(id));
    }

    [BrowserFact]
    public async Task News_of_a_press_that_ended_leaves_what_was_typed_meanwhile_alone()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        await page.Locator(".presses button", new() { HasText = "Wait" }).ClickAsync();
        await Expect(page.Locator(".banner.info")).ToContainTextAsync("still running");
        await page.GetByLabel("Place").FillAsync("Typed meanwhile");
        setting.System.Answer(id);

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Show the fresh data" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Place")).ToHaveValueAsync("Typed meanwhile");
    }

    [BrowserFact]
    public async Task Without_scripts_a_running_press_is_followed_in_a_frame_and_typing_goes_on()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id, withScripts: false);
        await page.Locator(".presses button", new() { HasText = "Wait" }).ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("still running");
        await page.GetByLabel("Place").FillAsync("Typed meanwhile");
        setting.System.Answer(id);

        var link = page.FrameLocator(".banner iframe").GetByRole(AriaRole.Link, new() { Name = "Show the fresh data" });
        await Expect(link).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Place")).ToHaveValueAsync("Typed meanwhile");
        await link.ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("Now it is done.");
    }

    [BrowserFact]
    public async Task A_failure_is_an_inline_message_with_the_other_systems_words_shown_as_text()
    {
        var page = await OpenAsync(await setting.InsertAsync());
        await page.GetByLabel("Place").FillAsync("Typed place");
        await page.Locator(".presses button", new() { HasText = "Fail" }).ClickAsync();

        await Expect(page.Locator(".banner.bad")).ToContainTextAsync("500");
        await Expect(page.Locator(".banner .answer")).ToHaveTextAsync("<i>The shelf is empty</i>");
        await Expect(page.GetByLabel("Place")).ToHaveValueAsync("Typed place");
        await Browser.PictureAsync(page, "press-failed");
    }

    [BrowserFact]
    public async Task A_question_is_asked_before_the_press_and_no_means_no()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        var button = page.Locator(".presses button", new() { HasText = "Ask first" });
        await button.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Overwrite the fields?");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal(0, setting.System.CallsFor(id));
        await button.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Ask first" }).ClickAsync();

        await Expect(page.GetByLabel("Description")).ToHaveValueAsync("Written by the other system");
    }

    [BrowserFact]
    public async Task The_enter_key_saves_and_presses_nothing_and_leaving_with_unsaved_input_warns()
    {
        var id = await setting.InsertAsync();
        var page = await OpenAsync(id);
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await page.GetByLabel("Place").FillAsync("Typed place");
        await page.CloseAsync(new() { RunBeforeUnload = true });
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await page.GetByLabel("Place").PressAsync("Enter");

        await Expect(page.Locator(".banner")).ToContainTextAsync("Saved");
        Assert.Equal(0, setting.System.CallsFor(id));
    }

    private async Task<IPage> OpenAsync(long id, bool withScripts = true)
    {
        var page = await browser.OpenAsync(setting.Host.BaseUri, options => options.JavaScriptEnabled = withScripts);
        await page.GotoAsync($"/records/{id}/edit");
        await page.GetByLabel("User name").FillAsync("editor");
        await page.GetByLabel("Password").FillAsync("editor-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByLabel("Place")).ToBeVisibleAsync();
        return page;
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator locator) => (await locator.BoundingBoxAsync())!;
}
