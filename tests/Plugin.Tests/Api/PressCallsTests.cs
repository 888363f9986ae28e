using System.Net;
using System.Text.Json;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Buttons;
using static Plugin.Tests.Buttons.LoggedPresses;

namespace Plugin.Tests.Api;

/// <summary>The history of presses over the management API: filters, paging, and who sees what.</summary>
public sealed class PressCallsTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "e d c b a")]
    [InlineData("button=send", "c")]
    [InlineData("record=14", "d")]
    [InlineData("record=-2", "e")]
    [InlineData("user=Other", "b")]
    [InlineData("outcome=failed", "b")]
    [InlineData("outcome=running", "c")]
    [InlineData("outcome=unknown", "d")]
    [InlineData("outcome=succeeded&user=editor&record=13&button=fetch", "a")]
    [InlineData("button=none", "")]
    public async Task Each_filter_finds_what_it_says(string query, string keys)
    {
        var log = _plugin.Get<PressLog>();
        await log.EnterAsync(Press("a"));
        await log.EnterAsync(Press("b", 1, user: "other"), AttemptOutcome.ServerError);
        await log.EnterAsync(Press("c", 2, button: "send"), outcome: null);
        await log.EnterAsync(Press("d", 3, record: 14), AttemptOutcome.Interrupted);
        await log.EnterAsync(Press("e", 4, record: -2));
        Assert.Equal(keys, string.Join(' ', Keys((await GetAsync("?" + query)).Body)));
        Assert.Equal(["fetch", "send"], log.ReadButtonKeys(10));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repetition_also_within_a_millisecond()
    {
        for (var i = 0; i < 7; i++)
            await _plugin.Get<PressLog>().EnterAsync(Press($"k{i}", i / 3));
        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var (_, page) = await GetAsync($"?limit=2{(next.Length == 0 ? "" : "&before=" + next)}");
            seen.AddRange(Keys(page));
            next = page.TryGetProperty("next", out var value) ? value.GetString() : null;
        }
        Assert.Equal(["k6", "k5", "k4", "k3", "k2", "k1", "k0"], seen);
    }

    [Theory]
    [InlineData("?outcome=lost")]
    [InlineData("?before=yesterday")]
    [InlineData("?before=99999999999999999.a")]
    [InlineData("?record=x")]
    [InlineData("?limit=0")]
    public async Task What_makes_no_sense_is_told(string query) => Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(query)).Status);

    [Fact]
    public async Task Editors_see_the_presses_of_records_they_may_edit_without_request_and_answer()
    {
        await _plugin.Get<PressLog>().EnterAsync(Press("a"), end: new PressEnd { EndedAt = First, Outcome = null, Duration = TimeSpan.Zero, Answer = "told" });
        await _plugin.Get<PressLog>().EnterAsync(Press("gone", record: 99));
        var (_, forAdmin) = await GetAsync("/a");
        Assert.Equal("told", forAdmin.GetProperty("answer").GetString());
        Assert.Contains("X-Token: ***", forAdmin.GetProperty("request").GetString(), StringComparison.Ordinal);
        var (status, forEditor) = await GetAsync("/a", "editor");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((null, null), (forEditor.GetProperty("answer").GetString(), forEditor.GetProperty("request").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("?record=13", "editor")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("", "editor")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("?record=99", "editor")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/gone", "editor")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/gone")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/a", "viewer")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("?record=13", "viewer")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/a", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/none")).Status);
    }

    private static IEnumerable<string> Keys(JsonElement page) => page.GetProperty("presses").EnumerateArray().Select(press => press.GetProperty("key").GetString()!);

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string rest, string? user = "admin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/webhooks/presses" + rest);
        if (user is not null)
            request.Headers.Add("X-User", user);
        using var answer = await _plugin.Client.SendAsync(request);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, body.RootElement.Clone());
    }
}
