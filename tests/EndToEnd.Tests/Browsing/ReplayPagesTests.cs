using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Kill;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Browsing;

/// <summary>A replay in a real browser: chosen, counted, started, watched while the receiver is slow, and done.</summary>
public sealed partial class ReplayPagesTests(Browser browser) : IClassFixture<Browser>
{
    // More than a replay leaves in the queue at once, so that it stands in the middle while the receiver takes nothing.
    private const int Records = 640;
    private const int Together = 16;

    [BrowserFact]
    public async Task A_replay_is_chosen_counted_started_and_its_progress_moves_until_it_is_done()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await EventReceiver.StartAsync();
        receiver.BeforeAnswer = _ => opened.Task;
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = $$"""{ "network": { "allow": ["{{receiver.Address.Authority}}"] } }""" });
        await FillAsync(host, receiver);
        var page = await SignInAsync(host, "/plugins/ApiWebhooks/replays/new");

        await page.GetByLabel("Subscription", new() { Exact = true }).SelectOptionAsync("Newcomer");
        await Expect(page.GetByLabel("From (UTC)")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "By time" }).CheckAsync();
        await Expect(page.GetByLabel("From (UTC)")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true }).ClickAsync();
        await Expect(page.Locator(".error")).ToHaveTextAsync("Write a beginning, an end, or both.");
        await page.GetByLabel("From (UTC)").FillAsync("2020-01-01T00:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true }).ClickAsync();
        var start = page.GetByRole(AriaRole.Button, new() { NameRegex = StartSome() });
        await Expect(start).ToBeVisibleAsync();
        var owed = int.Parse(StartSome().Match(await start.InnerTextAsync()).Groups[1].Value, null);
        Assert.True(owed >= Records, $"{owed}");
        Assert.Equal(0, receiver.Requests);

        await start.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Newcomer");
        // Without a reload: what is kept in the window stays.
        await page.EvaluateAsync("window.isSame = true");
        await page.WaitForFunctionAsync("() => { const bar = document.querySelector('progress'); return bar.value > 0 && bar.value < 100; }");
        Assert.True(await page.EvaluateAsync<bool>("window.isSame === true"));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel replay" })).ToBeVisibleAsync();
        await Browser.PictureAsync(page, "replay-running");

        opened.SetResult();
        await Expect(page.Locator(".webhooks-mark")).ToHaveTextAsync("done", new() { Timeout = 60_000 });
        Assert.Equal(100, await page.EvaluateAsync<int>("document.querySelector('progress').value"));
        await Expect(page.Locator(".webhooks-counts .webhooks-main")).ToHaveTextAsync($"{owed}");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel replay" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Deliveries of this subscription" })).ToBeVisibleAsync();
        await page.GotoAsync("/plugins/ApiWebhooks/replays");
        await Expect(page.GetByText($"{owed} to be sent")).ToBeVisibleAsync();
    }

    // Records from before the subscription.
    private static async Task FillAsync(HostProcess host, EventReceiver receiver)
    {
        using var api = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.BaseUri };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("demo-sysadmin-key");
        await Parallel.ForAsync(0, Records, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (i, stop) =>
        {
            using var answer = await api.PostAsJsonAsync("/api/records", new { title = $"Old record {i}" }, stop);
            answer.EnsureSuccessStatusCode();
        });
        using var made = await api.PostAsJsonAsync("/api/webhooks/subscriptions", new { label = "Newcomer", dialect = "standard", url = receiver.Address.ToString(), timeoutSeconds = 120 });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        Assert.True((await made.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("id", out _));
    }

    private async Task<IPage> SignInAsync(HostProcess host, string path)
    {
        var page = await browser.OpenAsync(host.BaseUri);
        await page.GotoAsync("/signin");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GotoAsync(path);
        return page;
    }

    [GeneratedRegex("Start: send ([0-9]+)")]
    private static partial Regex StartSome();
}
