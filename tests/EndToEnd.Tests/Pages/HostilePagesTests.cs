using EndToEnd.Tests.Browsing;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Pages;

/// <summary>The scene in which every name that somebody may give ends in an element with a script.</summary>
public sealed class HostileScene : Scene
{
    public const string Planted = "\"'></pre><img src=/planted data-planted onerror=alert(1)>";

    protected override string Suffix => Planted;
}

/// <summary>Texts of others become no elements in a real browser, and every answer tells it what it may not do.</summary>
public sealed class HostilePagesTests(HostileScene scene, Browser browser) : IClassFixture<HostileScene>, IClassFixture<Browser>
{
    [BrowserFact]
    public async Task No_text_of_others_becomes_an_element_anywhere()
    {
        var page = await scene.OpenAsync(browser);
        var (complaints, shown) = (new List<string>(), 0);
        page.Dialog += async (_, dialog) =>
        {
            complaints.Add($"{page.Url}: dialog {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/planted", StringComparison.Ordinal))
                complaints.Add($"{page.Url}: a planted picture was asked for");
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                complaints.Add($"{page.Url}: {message.Text}");
        };
        foreach (var each in PluginPages.All)
        {
            var answer = await page.GotoAsync(scene.PathOf(each));
            Assert.Equal((each.Name, 200), (each.Name, answer!.Status));
            if (await page.Locator("[data-planted]").CountAsync() > 0)
                complaints.Add($"{each.Name}: a planted element");
            shown += (await page.Locator("body").InnerTextAsync()).Contains("data-planted", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.Empty(complaints);
        Assert.True(shown > 10, $"The text was to be read on {shown} pages.");
    }

    [BrowserFact]
    public async Task Every_page_and_every_part_says_that_nobody_may_frame_it_and_that_it_has_no_script_within()
    {
        var page = await scene.OpenAsync(browser);
        await page.GotoAsync("/plugins/ApiWebhooks/");
        var wrong = new List<string>();
        foreach (var path in PluginPages.All.Select(scene.PathOf).Concat(PluginPages.Others.Keys.Select(scene.PathOfRoute)))
        {
            // Its head is enough, and of a live stream all there is.
            var head = await page.EvaluateAsync<string[]>("""
                async path => {
                  const abort = new AbortController();
                  const answer = await fetch(path, { signal: abort.signal, redirect: "manual" });
                  const head = [String(answer.status), ...["content-security-policy", "x-content-type-options", "content-type", "content-disposition"].map(name => answer.headers.get(name) ?? "")];
                  abort.abort();
                  return head;
                }
                """, path);
            var (status, policy, sniffing, type) = (head[0], head[1], head[2], head[3].Split(';')[0]);
            if (status is not ("200" or "204"))
                wrong.Add($"{path}: {status}");
            if (!policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal) || !policy.Contains("default-src 'self'", StringComparison.Ordinal) || policy.Contains("unsafe", StringComparison.Ordinal) || policy.Contains('*', StringComparison.Ordinal))
                wrong.Add($"{path}: {policy}");
            if (sniffing != "nosniff")
                wrong.Add($"{path}: X-Content-Type-Options is \"{sniffing}\"");
            if (status == "200" && !head[4].StartsWith("attachment", StringComparison.Ordinal) && type is not ("text/html" or "text/css" or "text/javascript" or "text/event-stream" or "application/json"))
                wrong.Add($"{path}: {type}");
        }
        Assert.Empty(wrong);
    }
}
