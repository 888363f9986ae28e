using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects.Ckan;

namespace Plugin.Tests.Dialects.Doors;

/// <summary>CKAN's action API: envelope, errors and rights.</summary>
public sealed class CkanDoorTests : IAsyncLifetime
{
    private const string Create = """{"topic": "dataset/create", "address": "https://example.com/callback"}""";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TestFolder _folder = new();
    private readonly TestHost _host = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _host.Users["sysadmin"] = TestHost.User("sysadmin", "sysadmin", "admin", "editor", "viewer");
        _host.Users["nobody"] = TestHost.User("nobody");
        _host.Users["cookie"] = TestHost.User("cookie", "sysadmin", "admin", "editor", "viewer");
        foreach (var (name, roles) in new[] { ("member-of-maps", new[] { "viewer" }), ("editor-of-maps", ["editor", "viewer"]), ("admin-of-maps", ["admin", "editor", "viewer"]) })
            _host.Users[name] = TestHost.User(name) with { CollectionRoles = new Dictionary<string, IReadOnlySet<string>> { ["maps"] = roles.ToHashSet() } };
        _plugin = await TestPlugin.StartAsync(_folder.With("""{"ckan":{"minimumAuth":"none"}}"""), _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("none", "nobody viewer member-of-maps editor-of-maps admin-of-maps editor admin sysadmin")]
    [InlineData("editor", "editor-of-maps admin-of-maps editor admin sysadmin")]
    [InlineData("admin", "admin-of-maps admin sysadmin")]
    [InlineData("sysadmin", "sysadmin")]
    [InlineData(null, "nobody viewer member-of-maps editor-of-maps admin-of-maps editor admin sysadmin")]
    public async Task The_least_role_decides_who_may_manage_webhooks(string? minimum, string allowed)
    {
        await _plugin.DisposeAsync();
        _plugin = await TestPlugin.StartAsync(_folder.With(minimum is null ? "{}" : $$"""{"ckan":{"minimumAuth":"{{minimum}}"} }"""), _host);
        var may = new List<string>();
        foreach (var user in new[] { "nobody", "viewer", "member-of-maps", "editor-of-maps", "admin-of-maps", "editor", "admin", "sysadmin" })
        {
            var (status, body) = await PostAsync("webhook_create", Create, user);
            if (status == 200)
                may.Add(user);
            else
                Assert.Equal((403, "Authorization Error", false), (status, Type(body), body.GetProperty("success").GetBoolean()));
        }
        Assert.Equal(allowed, string.Join(' ', may));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_key()
    {
        var (status, body) = await PostAsync("webhook_create", Create, null);
        Assert.Equal((403, "Authorization Error"), (status, Type(body)));
        Assert.StartsWith("Access denied: ", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("/api/3/action/help_show?name=webhook_create", body.GetProperty("help").GetString(), StringComparison.Ordinal);
        // A browser's cookie alone may be another site's doing.
        Assert.Equal(403, (await PostAsync("webhook_create", Create, "cookie")).Status);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
    }

    [Theory]
    [InlineData("{}", """{"address":["Missing value"],"topic":["Missing value"],"__type":"Validation Error"}""")]
    [InlineData("""{"address":"","topic":null}""", """{"address":["Missing value"],"topic":["Missing value"],"__type":"Validation Error"}""")]
    [InlineData("""{"address":7,"topic":"dataset/create"}""", """{"address":["Must be a Unicode string value"],"__type":"Validation Error"}""")]
    [InlineData(
        """{"address":"https://a.example","topic":"dataset/created"}""",
        """{"topic":["\"dataset/created\" is no topic. Use one of dataset/create, dataset/update, dataset/delete, resource/create, resource/update, resource/delete."],"__type":"Validation Error"}""")]
    [InlineData(
        """{"address":"ftp://a.example/","topic":"dataset/create"}""",
        """{"address":["The address \"ftp://a.example/\" has the scheme \"ftp\". Only http and https can be called."],"__type":"Validation Error"}""")]
    public async Task Faulty_values_are_told_by_field(string data, string error)
    {
        var (status, body) = await PostAsync("webhook_create", data);
        Assert.Equal(409, status);
        Assert.Equal(error, JsonSerializer.Serialize(body.GetProperty("error"), Relaxed));
    }

    [Theory]
    [InlineData("package_create", "{}", "Bad request: Action name not known: package_create")]
    [InlineData("webhook_show", "[1]", "Bad request: Bad request data: Request data JSON decoded to [1] but it needs to be a dictionary.")]
    [InlineData("webhook_show", "", "Bad request: Bad request data: Request data JSON decoded to '' but it needs to be a dictionary.")]
    [InlineData("webhook_show", "{nonsense", "Bad request: JSON Error: ")]
    public async Task What_is_no_request_for_an_action_is_answered_by_a_bare_text(string action, string data, string answer)
    {
        var (status, body) = await PostAsync(action, data);
        Assert.Equal((400, JsonValueKind.String), (status, body.ValueKind));
        Assert.StartsWith(answer, body.GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webhook_create", 400)]
    [InlineData("webhook_update", 400)]
    [InlineData("webhook_delete", 400)]
    [InlineData("webhook_list", 200)]
    [InlineData("webhook_show?id=", 409)]
    [InlineData("webhook_show?id=00000000-0000-0000-0000-000000000000", 404)]
    [InlineData("help_show?name=webhook_create", 200)]
    [InlineData("help_show?name=package_show", 404)]
    [InlineData("help_show", 409)]
    public async Task Only_what_changes_nothing_may_be_asked_by_get(string path, int status)
    {
        foreach (var root in new[] { "/api/action/", "/api/3/action/" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, root + path) { Headers = { { "X-User", "editor" } } };
            using var answer = await _plugin.Client.SendAsync(request);
            Assert.Equal((status, "application/json;charset=utf-8"), ((int)answer.StatusCode, answer.Content.Headers.NonValidated["Content-Type"].ToString()));
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", """{"topic": "dataset/create", "address": "https://example.com/a%20b"}""", "https://example.com/a%20b")]
    [InlineData("application/x-www-form-urlencoded", "%7B%22topic%22%3A+%22dataset%2Fcreate%22%2C+%22address%22%3A+%22https%3A%2F%2Fexample.com%2F%22%7D=", "https://example.com/")]
    [InlineData("application/x-www-form-urlencoded", "topic=dataset%2Fcreate&address=https%3A%2F%2Fexample.com%2F", "https://example.com/")]
    [InlineData("text/plain", Create, "https://example.com/callback")]
    public async Task Bodies_are_read_whatever_curl_calls_them(string contentType, string body, string address)
    {
        var (status, answer) = await PostAsync("webhook_create", body, contentType: contentType);
        Assert.Equal(200, status);
        var shown = await PostAsync("webhook_show", $$"""{"id":"{{answer.GetProperty("result").GetString()}}"}""");
        Assert.Equal(address, shown.Body.GetProperty("result").GetProperty("address").GetString());
    }

    [Fact]
    public async Task Only_its_owner_and_sysadmins_may_see_change_and_delete_a_webhook()
    {
        var id = (await PostAsync("webhook_create", Create)).Body.GetProperty("result").GetString()!;
        var other = (await PostAsync("webhook_create", """{"topic":"resource/update","address":"https://b.example/"}""", "admin")).Body.GetProperty("result").GetString()!;
        foreach (var action in new[] { "webhook_show", "webhook_update", "webhook_delete" })
        {
            var (status, body) = await PostAsync(action, $$"""{"id":"{{id}}","address":"https://evil.example/"}""", "admin");
            Assert.Equal((403, "Authorization Error"), (status, Type(body)));
            Assert.DoesNotContain("example.com", body.GetRawText(), StringComparison.Ordinal);
        }
        Assert.Equal([id], await ListAsync("editor"));
        Assert.Equal([other], await ListAsync("admin"));
        Assert.Equal([id, other], await ListAsync("sysadmin"));
        Assert.Equal([other], await ListAsync("sysadmin", """{"topic":"resource/update"}"""));

        var changed = (await PostAsync("webhook_update", $$"""{"id":"{{id}}","topic":"dataset/delete","user_id":"admin"}""", "sysadmin")).Body.GetProperty("result");
        Assert.Equal(("dataset/delete", "https://example.com/callback", "editor"), (Text(changed, "topic"), Text(changed, "address"), Text(changed, "user_id")));
        Assert.IsType<CkanRules>(_plugin.Settings.Current.Hooks.Single(hook => hook.StoredId == Guid.Parse(id)).Rules);
        Assert.Equal(409, (await PostAsync("webhook_update", $$"""{"id":"{{id}}","topic":""}""")).Status);
        Assert.Equal(200, (await PostAsync("webhook_delete", $$"""{"id":"{{id}}"}""", "sysadmin")).Status);
        Assert.Equal(404, (await PostAsync("webhook_delete", $$"""{"id":"{{id}}"}""")).Status);
        Assert.Equal([other], await ListAsync("sysadmin"));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused() =>
        Assert.Equal(400, (await PostAsync("webhook_create", $$"""{"topic":"dataset/create","address":"https://example.com/{{new string('a', 70_000)}}"}""")).Status);

    private async Task<string[]> ListAsync(string user, string data = "{}") =>
        [.. (await PostAsync("webhook_list", data, user)).Body.GetProperty("result").EnumerateArray().Select(each => each.GetString()!)];

    private static string? Type(JsonElement body) => Text(body.GetProperty("error"), "__type");

    private static string? Text(JsonElement body, string member) => body.GetProperty(member).GetString();

    private async Task<(int Status, JsonElement Body)> PostAsync(string action, string data, string? user = "editor", string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/3/action/{action}") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(data)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (user is not null)
            request.Headers.Add("X-User", user);
        using var answer = await _plugin.Client.SendAsync(request);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return ((int)answer.StatusCode, body.RootElement.Clone());
    }
}
