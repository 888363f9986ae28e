using System.Net;
using System.Text.Json;

namespace Plugin.Tests.Api;

public sealed class EventTypeCallsTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everybody_who_is_signed_in_reads_the_catalogue_and_follows_its_addresses()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/webhooks/event-types", null)).Status);
        var (status, list) = await GetAsync("/api/webhooks/event-types", "viewer");
        Assert.Equal(HttpStatusCode.OK, status);
        var all = list!.RootElement.GetProperty("eventTypes").EnumerateArray().ToArray();
        Assert.Contains(all, each => each.GetProperty("dialect").GetString() == "docuteam");
        foreach (var each in all)
        {
            var (found, one) = await GetAsync(each.GetProperty("url").GetString()!, "viewer");
            Assert.Equal(HttpStatusCode.OK, found);
            Assert.Equal(each.GetProperty("name").GetString(), one!.RootElement.GetProperty("name").GetString());
            Assert.Equal(each.GetProperty("form").GetString(), one.RootElement.GetProperty("form").GetString());
            Assert.Equal(JsonValueKind.Object, one.RootElement.GetProperty("schema").ValueKind);
            Assert.NotEmpty(one.RootElement.GetProperty("example").GetProperty("body").GetString()!);
        }
    }

    [Fact]
    public async Task The_list_can_be_of_one_dialect_and_unknown_ones_are_told()
    {
        var (_, list) = await GetAsync("/api/webhooks/event-types?dialect=docuteam", "viewer");
        Assert.All(list!.RootElement.GetProperty("eventTypes").EnumerateArray(), each => Assert.Equal("docuteam", each.GetProperty("dialect").GetString()));
        Assert.Equal(6, list.RootElement.GetProperty("eventTypes").GetArrayLength());
        var (status, problem) = await GetAsync("/api/webhooks/event-types?dialect=docutem", "viewer");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("standard", problem!.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (status, problem) = await GetAsync("/api/webhooks/event-types/docuteam/box%20insert%20operatoin", "viewer");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("box insert operation", problem!.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonDocument? Body)> GetAsync(string path, string? user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        using var answer = await _plugin.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonDocument.Parse(text));
    }
}
