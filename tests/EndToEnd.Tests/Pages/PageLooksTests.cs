using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EndToEnd.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Pages;

/// <summary>
/// Every page of the plugin, with data in it, in a real browser: light, dark and as wide as a telephone; with axe, without JavaScript, and by the keyboard. Pictures are
/// kept in <c>tests/artefacts/pages/</c>.
/// </summary>
public sealed class PageLooksTests(Scene scene, Browser browser) : IClassFixture<Scene>, IClassFixture<Browser>, IAsyncLifetime
{
    private const int PhoneWidth = 390;

    // Violations are told to scripts; those of the browser's own are on the console too.
    private const string Watch = """
        window.violations = [];
        document.addEventListener("securitypolicyviolation", event => window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
        """;

    private static readonly AxeRunOptions OnlyColours = new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } };

    public static TheoryData<string> Names => [.. PluginPages.All.Select(page => page.Name)];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.CloseWindowsAsync();

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task It_looks_right_in_light_in_dark_and_on_a_telephone(string name)
    {
        var page = await scene.OpenAsync(browser);
        var complaints = Hear(page);
        await page.AddInitScriptAsync(Watch);
        await GoAsync(page, name);
        await CheckAsync(page, name, "light");
        // Loaded anew each time: colours that are still changing would be judged.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await GoAsync(page, name);
        await CheckAsync(page, name, "dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(PhoneWidth, 844);
        await GoAsync(page, name);
        await CheckAsync(page, name, "phone");
        Assert.Equal(PhoneWidth, await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, innerWidth)"));
        Assert.Empty(await page.EvaluateAsync<string[]>("window.violations"));
        Assert.Empty(complaints);
    }

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task It_says_what_it_has_to_say_without_JavaScript(string name)
    {
        var withScripts = await scene.OpenAsync(browser);
        await GoAsync(withScripts, name);
        var page = await scene.OpenAsync(browser, options => options.JavaScriptEnabled = false);
        await GoAsync(page, name);
        await Expect(page.Locator("h1").First).ToBeVisibleAsync();
        Assert.Equal(await withScripts.Locator("h1").First.InnerTextAsync(), await page.Locator("h1").First.InnerTextAsync());
        // Whatever can be filled in can be sent.
        foreach (var form in await page.Locator("main form").AllAsync())
        {
            if (await form.Locator("input:not([type=hidden]), select, textarea").CountAsync() > 0)
                Assert.True(await form.Locator("button:not([type=button]), input[type=submit]").CountAsync() > 0, $"A form of {name} has nothing to send it with.");
        }
        // The first of the overview is its verdict, which changes from one moment to the next.
        foreach (var part in (await withScripts.Locator("main h2").AllInnerTextsAsync()).Skip(name == "overview" ? 1 : 0))
            Assert.Contains(part, await page.Locator("main h2").AllInnerTextsAsync());
    }

    [BrowserTheory]
    [InlineData("overview")]
    [InlineData("subscription-new")]
    [InlineData("receiving")]
    [InlineData("audit")]
    [InlineData("buttons")]
    public async Task The_keyboard_skips_to_the_content_and_reaches_everything_in_order_and_sees_where_it_is(string name)
    {
        var page = await scene.OpenAsync(browser);
        await GoAsync(page, name);
        // Parts that are renewed meanwhile would be counted as they were. By a script, which leaves the focus where it is.
        if (name == "overview")
            await page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).EvaluateAsync("button => button.click()");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        // From here on everything that can be reached, once each and in the order of the page.
        var expected = await page.EvaluateAsync<int>("""
            (() => {
              const all = [...document.querySelectorAll("main :is(a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'])")]
                .filter(each => !each.disabled && each.checkVisibility() && !each.closest("dialog:not([open])"));
              all.forEach((each, index) => each.dataset.place = index);
              return all.length;
            })()
            """);
        Assert.True(expected > 5);
        var seen = new List<int>();
        for (var i = 0; i < expected + 5; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focus = await page.EvaluateAsync<string?>("""
                (() => {
                  const at = document.activeElement;
                  if (!at?.dataset.place) return null;
                  const style = getComputedStyle(at);
                  return `${at.dataset.place} ${style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"} ${at.outerHTML.slice(0, 120)}`;
                })()
                """);
            if (focus is null)
                break;
            var words = focus.Split(' ', 3);
            Assert.True(words[1] == "true", $"Nobody sees that it has the focus: {words[2]}");
            seen.Add(int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture));
        }
        // Radio buttons of a group are one stop.
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Count > 5 && seen[^1] >= expected - 2, $"Of {expected} the keyboard reached {seen.Count}, the last was {(seen.Count > 0 ? seen[^1] : -1)}.");
    }

    [BrowserTheory]
    [InlineData("overview")]
    [InlineData("delivery")]
    [InlineData("subscription-edit")]
    [InlineData("record")]
    public async Task Its_upper_part_makes_a_picture_for_the_README(string name)
    {
        var page = await scene.OpenAsync(browser, options => options.ViewportSize = new ViewportSize { Width = 1200, Height = 900 });
        await GoAsync(page, name);
        if (name == "record")
            await page.Locator("main section").Last.ScrollIntoViewIfNeededAsync();
        await Browser.PictureAsync(page, $"readme/{name}");
    }

    private async Task GoAsync(IPage page, string name)
    {
        var answer = await page.GotoAsync(scene.PathOf(PluginPages.All.Single(each => each.Name == name)));
        Assert.Equal(200, answer!.Status);
    }

    private static async Task CheckAsync(IPage page, string name, string look)
    {
        await Browser.PictureAsync(page, $"pages/{name}-{look}", fullPage: true);
        // Colours are what dark changes, and hardly anything that axe knows of depends on the width.
        if (look == "phone")
            return;
        var found = await page.RunAxe(look == "dark" ? OnlyColours : null);
        Assert.Empty(found.Violations.Where(each => each.Impact is "serious" or "critical").Select(Describe));
    }

    private static string Describe(AxeResultItem item) =>
        $"{item.Impact} {item.Id}: {item.Help} {string.Join(" | ", item.Nodes.Take(5).Select(node => $"{node.Html} ({string.Join("; ", node.Any.Concat(node.All).Select(check => check.Message))})"))}";

    private static List<string> Hear(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            complaints.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        return complaints;
    }
}
