using System.Net;
using System.Text.Json;
using Plugin.ApiWebhooks;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Api;

public sealed class NoticeViewTests : IAsyncLifetime
{
    private Receiver _operator = null!;

    public async Task InitializeAsync() => _operator = await Receiver.StartAsync(TimeProvider.System);

    public async Task DisposeAsync() => await _operator.DisposeAsync();

    [Fact]
    public async Task Administrators_see_it_on_the_page_and_by_the_API()
    {
        using var folder = new TestFolder().With($$"""
            {
              "hooks": [{ "label": "Broken", "url": "https://broken.example.org/" }, { "label": "Operator", "url": "{{_operator.Url}}", "events": ["webhooks.*"] }],
              "network": { "allow": ["{{new Uri(_operator.Url).Authority}}"] }
            }
            """);
        await using var plugin = await TestPlugin.StartAsync(folder);
        var pipeline = plugin.Get<EventPipeline>();
        await pipeline.Subscriptions!.Applied;
        Assert.True(await pipeline.Subscriptions.DisableAsync(1, "It <fails>.", default));
        await _operator.WaitAsync();

        var page = await GetAsync("/plugins/ApiWebhooks/");
        Assert.Contains("“Broken” is disabled and is sent nothing.", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("It <fails>.", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<fails>", page, StringComparison.Ordinal);
        Assert.Contains("webhooks.subscription.disabled", await GetAsync("/plugins/ApiWebhooks/deliveries"), StringComparison.Ordinal);
        using var list = JsonDocument.Parse(await GetAsync("/api/webhooks/deliveries"));
        var id = Assert.Single(list.RootElement.GetProperty("deliveries").EnumerateArray()).GetProperty("id").GetInt64();
        Assert.True(id < 0);
        Assert.Contains("It <fails>.", await GetAsync($"/api/webhooks/deliveries/{id}"), StringComparison.Ordinal);
        using var rest = JsonDocument.Parse(await GetAsync($"/api/webhooks/deliveries?after={id}"));
        Assert.Empty(rest.RootElement.GetProperty("deliveries").EnumerateArray());
        Assert.Contains(plugin.Host.Log.Entries, entry => entry.Message.Contains("The hook broken was Active and is now Disabled.", StringComparison.Ordinal));

        async Task<string> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-User", "admin");
            using var answer = await plugin.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }
}
