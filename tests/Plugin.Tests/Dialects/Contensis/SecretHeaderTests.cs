using System.Net;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.Tests.Dialects.Contensis;

/// <summary>The value of a secret header can be written and never read; who writes back what he read keeps it.</summary>
public sealed class SecretHeaderTests : IAsyncLifetime
{
    private const string Secret = "planted-in-a-header";

    private readonly TestFolder _folder = new();
    private readonly TestHost _host = new() { Log = new TestLog { Lowest = Microsoft.Extensions.Logging.LogLevel.Trace } };
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"), _host);

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    // What is written back in place of the value, and what is stored then; null for no header.
    [InlineData("""{"X-Key":{"secret":true}}""", Secret)]
    [InlineData("""{"X-Key":{"secret":true,"value":null}}""", Secret)]
    [InlineData("""{"X-Key":{"secret":true,"value":""}}""", Secret)]
    [InlineData("""{"X-Key":{"secret":true,"value":"********"}}""", Secret)]
    [InlineData("""{"X-Key":{"secret":true,"value":"************"}}""", Secret)]
    [InlineData("""{"x-key":{"secret":true}}""", Secret)]
    [InlineData("""{"X-Key":{"secret":true,"value":"another"}}""", "another")]
    [InlineData("""{"X-Key":{"value":"plain"}}""", "plain")]
    [InlineData("""{"X-Key":"plain"}""", "plain")]
    [InlineData("""{"X-Key":{}}""", null)]
    [InlineData("""{}""", null)]
    public async Task What_a_save_keeps(string headers, string? stored)
    {
        var id = await CreateAsync();
        var (status, answer, _) = await SaveAsync(id, headers);
        Assert.True(status == HttpStatusCode.OK, answer);
        var now = _plugin.Get<StoredHooks>().Find(id)!.Settings["headers"]!.AsObject();
        Assert.Equal(stored, now.Select(each => each.Value!["value"]!.GetValue<string>()).SingleOrDefault());
        var rules = _plugin.Settings.Current.Hooks.Single().Rules;
        Assert.Equal(stored, rules.Headers.Select(each => each.Value).SingleOrDefault());
        Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"X-Key":{"value":"********"}}""")]
    [InlineData("""{"X-Other":{"secret":true,"value":"********"}}""")]
    public async Task Asterisks_that_stand_for_no_secret_are_refused(string headers)
    {
        var id = await CreateAsync();
        var (status, answer, _) = await SaveAsync(id, headers);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(".value\"", answer, StringComparison.Ordinal);
        Assert.Equal(1, _plugin.Get<StoredHooks>().Find(id)!.Version);
    }

    [Theory]
    [InlineData("https://a.example.org/other?x=1", true)]
    [InlineData("https://A.example.org/", true)]
    [InlineData("https://b.example.org/h", false)]
    [InlineData("https://a.example.org:8443/h", false)]
    [InlineData("http://a.example.org/h", false)]
    [InlineData("https://a.example.org@b.example.org/h", false)]
    public async Task A_secret_is_not_kept_for_another_server(string url, bool isKept)
    {
        var id = await CreateAsync();
        var (status, answer, _) = await SaveAsync(id, """{"X-Key":{"secret":true}}""", url);
        Assert.True(status == (isKept ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity), answer);
        if (!isKept)
            Assert.Equal("headers.X-Key.value", JsonNode.Parse(answer)!["data"]![0]!["field"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await SaveAsync(id, """{"X-Key":{"secret":true,"value":"again"}}""", url)).Status);
    }

    [Fact]
    public async Task A_secret_stands_in_no_answer_no_error_no_log_and_no_page()
    {
        var id = await CreateAsync();
        var seen = "";
        foreach (var (method, path) in new[] { ("GET", $"{Door.Subscriptions}/{id}"), ("GET", Door.Subscriptions), ("GET", Door.Subscriptions + "?paged=false"), ("GET", "/api/webhooks/subscriptions"), ("GET", "/plugins/ApiWebhooks/") })
            seen += (await _plugin.CallAsync(method, path)).Body;
        seen += (await SaveAsync(id, $$$"""{"X-Key":{"secret":true,"value":"{{{Secret}}}\u0001"}}""")).Body;
        seen += (await SaveAsync(id, $$$"""{"X Key":{"secret":true,"value":"{{{Secret}}}"}}""")).Body;
        seen += (await SaveAsync(id, $$$"""{"X-Key":{"secret":true,"value":["{{{Secret}}}"]}}""")).Body;
        seen += string.Join('\n', _host.Log.Entries.Select(entry => entry.Message));
        Assert.Contains("X-Key", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_may_look_like_a_template_and_goes_out_as_it_is()
    {
        await _plugin.CreateAsync("""{"url":"https://a.example.org/h","topics":[{"resourceType":"entry"}],"headers":{"X-Key":{"secret":true,"value":"{/resource/title}{{x}}"}}}""");
        Assert.Equal("{/resource/title}{{x}}", Assert.Single(_plugin.Settings.Current.Hooks.Single().Rules.Headers).Value);
    }

    private Task<Guid> CreateAsync() =>
        _plugin.CreateAsync($$$"""{"name":"A","url":"https://a.example.org/h","topics":[{"resourceType":"entry"}],"headers":{"X-Key":{"secret":true,"value":"{{{Secret}}}"} } }""");

    private async Task<(HttpStatusCode Status, string Body, string? Location)> SaveAsync(Guid id, string headers, string url = "https://a.example.org/h")
    {
        var version = _plugin.Get<StoredHooks>().Find(id)!.Version;
        return await _plugin.CallAsync(
            "PUT",
            $"{Door.Subscriptions}/{id}",
            $$$"""{"name":"A","url":"{{{url}}}","topics":[{"resourceType":"entry"}],"headers":{{{headers}}},"version":{"versionNo":"{{{version}}}.0"} }""");
    }
}
