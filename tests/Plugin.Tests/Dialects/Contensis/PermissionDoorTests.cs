using System.Net;
using System.Text.Json;

namespace Plugin.Tests.Dialects.Contensis;

public sealed class PermissionDoorTests : IAsyncLifetime
{
    private const string Root = Door.Project + "/security/permissions/webhookSubscriptions";
    private const string All = """{"actions":["create","update","delete","view","useCustomTemplates"]}""";

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("admin", "", 200, All)]
    [InlineData("admin", "/", 200, All)]
    [InlineData("editor", "", 200, """{"actions":[]}""")]
    [InlineData("editor", "?userId=editor", 200, """{"actions":[]}""")]
    [InlineData("editor", "?userId=admin", 403, null)]
    [InlineData("admin", "?userId=editor", 200, """{"actions":[]}""")]
    [InlineData("admin", "?userId=nobody", 404, null)]
    [InlineData("nobody", "", 401, null)]
    [InlineData("admin", "/ID", 200, All)]
    [InlineData("admin", "/3a7ce8e3-9c9f-4242-be20-35edb29c4a07", 404, null)]
    [InlineData("admin", "/actions/create", 200, """{"authorized":true}""")]
    [InlineData("admin", "/actions/UseCustomTemplates", 200, """{"authorized":true}""")]
    [InlineData("admin", "/ID/actions/update", 200, """{"authorized":true}""")]
    [InlineData("admin", "/actions/fly", 404, null)]
    [InlineData("editor", "/actions/view", 404, null)]
    [InlineData("admin", "/actions/view?userId=editor", 404, null)]
    public async Task Questions_and_answers(string user, string path, int expected, string? body)
    {
        var id = await _plugin.CreateAsync("""{"url":"https://a.example.org/h","topics":[{"resourceType":"entry"}]}""");
        foreach (var root in new[] { Root, Root.ToLowerInvariant() })
        {
            var (status, answer, _) = await _plugin.CallAsync("GET", root + path.Replace("ID", id.ToString(), StringComparison.Ordinal), user: user);
            Assert.Equal((HttpStatusCode)expected, status);
            if (body is not null)
                Assert.Equal(body, answer);
            else
                Assert.Equal("error", JsonDocument.Parse(answer).RootElement.GetProperty("type").GetString());
        }
    }
}
