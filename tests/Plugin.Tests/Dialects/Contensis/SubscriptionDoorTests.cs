using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects.Contensis;

public sealed class SubscriptionDoorTests : IAsyncLifetime
{
    private const string Root = Door.Subscriptions;
    private const string Small = """{"name":"A","url":"https://a.example.org/h","topics":[{"resourceType":"entry"}]""";

    private readonly TestFolder _folder = new();
    private readonly TestHost _host = new();
    private TestPlugin _plugin = null!;

    private StoredHooks Hooks => _plugin.Get<StoredHooks>();

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"), _host);

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_documented_sample_is_answered_with_201_and_an_equal_body(string slash)
    {
        var sample = await File.ReadAllTextAsync(Repository.File("tests", "Plugin.Tests", "Dialects", "Contensis", "create-subscription.jsonc"));
        Assert.Contains("//", sample, StringComparison.Ordinal);
        var (status, answer, location) = await CallAsync("POST", Root + slash, sample);
        Assert.Equal(HttpStatusCode.Created, status);

        var expected = JsonNode.Parse(sample, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        // The value of a secret is never read; a header that never had one is not there.
        expected["headers"]!["secretHeaderSet"] = new JsonObject { ["secret"] = true };
        expected["headers"]!.AsObject().Remove("secretHeaderGet");
        var given = JsonNode.Parse(answer)!.AsObject();
        var id = given["id"]!.GetValue<Guid>();
        var version = given["version"]!;
        given.Remove("id");
        given.Remove("version");
        Assert.True(JsonNode.DeepEquals(expected, given), answer);
        Assert.DoesNotContain("cs7vdsdvj", answer, StringComparison.Ordinal);
        Assert.Equal(["createdBy", "created", "modifiedBy", "modified", "versionNo"], version.AsObject().Select(each => each.Key));
        Assert.Equal("1.0", version["versionNo"]!.GetValue<string>());
        Assert.Equal("admin", version["createdBy"]!.GetValue<string>());
        Assert.Matches("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", version["created"]!.GetValue<string>());
        Assert.Equal($"{Root}/{id:D}", location);

        var (_, shown, _) = await CallAsync("GET", $"{Root}/{id}{slash}");
        Assert.Equal(answer, shown);
    }

    [Fact]
    public async Task The_templates_address_and_headers_of_the_sample_are_filled()
    {
        var sample = await File.ReadAllTextAsync(Repository.File("tests", "Plugin.Tests", "Dialects", "Contensis", "create-subscription.jsonc"));
        var id = await CreateAsync(sample);
        _host.Users["editor"] = TestHost.User("editor", "editor") with { FirstName = "Tyler", LastName = "Durden" };
        var hook = _plugin.Settings.Current.Hooks.Single(each => each.Key == StoredHook.KeyOf(id));

        var blog = Entry("blog", ("summary", "no"), ("entryDescription", "About it"), ("department", "Press"));
        Assert.True(hook.Rules.Wants(blog));
        var rendering = hook.Rules.Render(blog, _host);
        var record = ContensisIds.OfRecord(blog.Record!);
        Assert.Equal(
            $$"""{"event":"updated","user":"Tyler Durden","id":"{{record}}","title":"Record 13","description":"About it","department":"Press"}""", Text(rendering));
        Assert.Equal("application/json; charset=utf-8", rendering.ContentType);
        Assert.Equal($"https://external.mywebsite.com/handlewebhooks/{record}", hook.Rules.AddressOf(hook.Url, rendering.Values!));
        Assert.Equal(["target: internal", "secretHeaderSet: cs7vdsdvj~8", "department: Press"], hook.Rules.HeadersOf(rendering.Values!).Select(h => $"{h.Key}: {h.Value}"));

        var news = Entry("news", ("headline", "Hear \"this\""));
        var ofNews = hook.Rules.Render(news, _host);
        Assert.Equal($$"""{"event":"updated","id":"{{record}}","title":"Record 13","headline":"Hear \"this\""}""", Text(ofNews));
        // The department is missing: the header is left out, and the place for it never goes out.
        Assert.DoesNotContain(hook.Rules.HeadersOf(ofNews.Values!), header => header.Key == "department");

        Assert.False(hook.Rules.Wants(Entry("image")));
        Assert.False(hook.Rules.Wants(blog with { Kind = ChangeKind.RecordDeleted }));
        Assert.False(hook.Rules.Wants(blog with { Record = blog.Record! with { Owner = "m.singer" } }));
    }

    [Fact]
    public async Task Each_save_makes_a_version_and_an_old_one_is_refused()
    {
        var id = await CreateAsync(Small + "}");
        var (status, saved, _) = await CallAsync("PUT", $"{Root}/{id}/", Small.Replace("\"A\"", "\"B\"", StringComparison.Ordinal) + ""","version":{"versionNo":"1.0"}}""", "editor2");
        Assert.Equal(HttpStatusCode.OK, status);
        var version = JsonDocument.Parse(saved).RootElement.GetProperty("version");
        Assert.Equal(("2.0", "admin", "editor2"), (Member(version, "versionNo"), Member(version, "createdBy"), Member(version, "modifiedBy")));
        Assert.Equal("B", Member(JsonDocument.Parse(saved).RootElement, "name"));

        foreach (var stale in new[] { ",\"version\":{\"versionNo\":\"1.0\"}", ",\"version\":{\"versionNo\":2}", ",\"version\":{}", "", ",\"version\":{\"versionNo\":\"2.1\"}" })
        {
            var (refused, error, _) = await CallAsync("PUT", $"{Root}/{id}", Small + stale + "}");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused);
            AssertField(error, "version.versionNo");
        }
        Assert.Equal(2, Hooks.Find(id)!.Version);
    }

    [Fact]
    public async Task Deleted_is_204_and_then_404()
    {
        var id = await CreateAsync(Small + "}");
        var (status, body, _) = await CallAsync("DELETE", $"{Root}/{id}");
        Assert.Equal((HttpStatusCode.NoContent, ""), (status, body));
        foreach (var method in new[] { "GET", "DELETE", "PUT" })
        {
            var (missing, error, _) = await CallAsync(method, $"{Root}/{id}", method == "PUT" ? Small + "}" : null);
            Assert.Equal(HttpStatusCode.NotFound, missing);
            AssertError(error);
        }
    }

    [Fact]
    public async Task A_list_is_paged_or_an_array_and_of_its_project_alone()
    {
        for (var i = 0; i < 3; i++)
            await CreateAsync(Small.Replace("\"A\"", $"\"N{i}\"", StringComparison.Ordinal) + "}");
        var (_, list, _) = await CallAsync("GET", Root + "/");
        var page = JsonDocument.Parse(list).RootElement;
        Assert.Equal(["pageIndex", "pageSize", "totalCount", "pageCount", "items"], page.EnumerateObject().Select(each => each.Name));
        Assert.Equal((0, 25, 3, 1, 3), (Number(page, "pageIndex"), Number(page, "pageSize"), Number(page, "totalCount"), Number(page, "pageCount"), page.GetProperty("items").GetArrayLength()));
        var (_, second, _) = await CallAsync("GET", Root + "?pageIndex=1&pageSize=2");
        page = JsonDocument.Parse(second).RootElement;
        Assert.Equal((1, 2, 3, 2), (Number(page, "pageIndex"), Number(page, "pageSize"), Number(page, "totalCount"), Number(page, "pageCount")));
        Assert.Equal("N2", Member(Assert.Single(page.GetProperty("items").EnumerateArray()), "name"));
        var (_, array, _) = await CallAsync("GET", Root + "?paged=false");
        Assert.Equal(3, JsonDocument.Parse(array).RootElement.GetArrayLength());
        var (_, other, _) = await CallAsync("GET", Root.Replace("movies", "books", StringComparison.Ordinal));
        Assert.Equal(0, Number(JsonDocument.Parse(other).RootElement, "totalCount"));
        var (_, same, _) = await CallAsync("GET", Root.Replace("movies", "Movies", StringComparison.Ordinal));
        Assert.Equal(3, Number(JsonDocument.Parse(same).RootElement, "totalCount"));
        var id = Hooks.All[0].Id;
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("GET", Root.Replace("movies", "books", StringComparison.Ordinal) + $"/{id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync("GET", Root + "?pageSize=0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync("GET", Root + "?pageIndex=-1")).Status);
    }

    [Fact]
    public async Task What_only_readers_need_comes_back_as_it_came()
    {
        var id = await CreateAsync(
            """{"name":"Plain","description":"d","invokeUrl":"https://a.example.org/","method":"PUT","ui":true,"enabled":false,"topics":[{"resourceType":"entry","event":"updated","owner":"a","language":null},],}""");
        var (_, shown, _) = await CallAsync("GET", $"{Root}/{id}");
        var given = JsonNode.Parse(shown)!.AsObject();
        given.Remove("id");
        given.Remove("version");
        Assert.Equal(
            """{"name":"Plain","description":"d","url":"https://a.example.org/","method":"PUT","enabled":false,"topics":[{"resourceType":"entry","event":["updated"],"owner":"a","language":null}],"ui":true}""",
            given.ToJsonString());
        // Saved without a word on it, one that was switched off stays so.
        await CallAsync("PUT", $"{Root}/{id}", Small + ""","version":{"versionNo":"1.0"}}""");
        Assert.False(Hooks.Find(id)!.Settings["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task One_that_was_made_elsewhere_is_shown_and_keeps_what_this_api_does_not_know()
    {
        var settings = JsonNode.Parse(
            """{"label":"Elsewhere","dialect":"contensis","Url":"https://a.example.org/h","topics":[{"resourceType":"entry"}],"order":"record","timeoutSeconds":5,"headers":{"X-A":"b"},"project":"movies"}""")!;
        var made = Assert.IsType<StoreResult.Stored>(await Hooks.CreateAsync(new NewStoredHook(settings.AsObject(), "admin")));
        var (_, shown, _) = await CallAsync("GET", $"{Root}/{made.Hook.Id}");
        var given = JsonNode.Parse(shown)!.AsObject();
        Assert.Equal(("Elsewhere", "https://a.example.org/h", "b"), (given["name"]!.GetValue<string>(), given["url"]!.GetValue<string>(), given["headers"]!["X-A"]!["value"]!.GetValue<string>()));
        given["name"] = "Renamed";
        var (status, saved, _) = await CallAsync("PUT", $"{Root}/{made.Hook.Id}", given.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, saved);
        var now = Hooks.Find(made.Hook.Id)!.Settings;
        Assert.Equal(("record", 5, "Renamed"), (now["order"]!.GetValue<string>(), now["timeoutSeconds"]!.GetValue<int>(), now["label"]!.GetValue<string>()));
        Assert.Single(now, each => each.Key.Equals("url", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Renamed", Member(JsonDocument.Parse(saved).RootElement, "name"));
    }

    [Theory]
    [InlineData("viewer", "GET", "", 403)]
    [InlineData("editor", "GET", "", 403)]
    [InlineData("editor", "POST", "", 403)]
    [InlineData("editor", "PUT", "/ID", 403)]
    [InlineData("editor", "DELETE", "/ID", 403)]
    [InlineData("nobody", "GET", "", 401)]
    [InlineData("nobody", "POST", "", 401)]
    [InlineData("nobody", "GET", "/ID", 401)]
    [InlineData("cookie", "POST", "", 400)]
    [InlineData("cookie", "DELETE", "/ID", 400)]
    [InlineData("cookie", "GET", "", 200)]
    [InlineData("admin", "GET", "/not-a-guid", 404)]
    public async Task Who_may_what(string user, string method, string path, int expected)
    {
        _host.Users["cookie"] = TestHost.User("cookie", "admin");
        var id = await CreateAsync(Small + "}");
        var (status, error, _) = await CallAsync(method, Root + path.Replace("ID", id.ToString(), StringComparison.Ordinal), method is "POST" or "PUT" ? Small + "}" : null, user);
        Assert.Equal(expected, (int)status);
        if (expected != 200)
            AssertError(error);
        Assert.Single(Hooks.All);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{\"name\":\"a\" \"url\":1}", "not JSON")]
    [InlineData("{\"name\":\"\\ud800\"}", "half a character")]
    [InlineData("{\"name\":1,\"name\":2}", "not JSON")]
    public async Task What_is_no_json_is_400(string body, string words)
    {
        var (status, error, _) = await CallAsync("POST", Root, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, AssertError(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_and_long_bodies_are_400()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync("POST", Root, """{"a":""" + new string('[', 100_000))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync("POST", Root, $$"""{"name":"{{new string('a', 1024 * 1024)}}"}""")).Status);
    }

    [Theory]
    [InlineData("""{"topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":7,"topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://a.example.org/"}""", "topics")]
    [InlineData("""{"url":"https://a.example.org/","topics":{}}""", "topics")]
    [InlineData("""{"url":"https://a.example.org/","topics":["entry"]}""", "topics[0]")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"thing"}]}""", "topics[0].resourceType")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry","event":["made"]}]}""", "topics[0].event[0]")]
    [InlineData("""{"url":"ftp://a.example.org/","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://{/resource/host}/","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://a.example.org{/resource/host}/","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"{/resource/}","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://a.example.org/{{resource.sys.id}}","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://a.example.org/{/env/path}","topics":[{"resourceType":"entry"}]}""", "url")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"enabled":"yes"}""", "enabled")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"name":7}""", "name")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"method":"TRACE"}""", "method")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"method":"GET"}""", "method")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"X":{"value":"a\r\nY: b"}}}""", "headers.X")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"X":{"value":"a\r\nY: b","secret":true}}}""", "headers.X")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"X Y":"a"}}""", "headers.X Y")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"Host":"a"}}""", "headers.Host")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"webhook-id":"a"}}""", "headers.webhook-id")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"headers":{"X":{"secret":true,"value":"********"}}}""", "headers.X.value")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":{"entries":{}}}""", "templates.entries")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":{"entry":7}}""", "templates.entry")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":{"entry":{"a":[{"b":"{/x}"}]}}}""", "templates.entry.a[0].b")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":{"entry":"{ \"a\": "}}""", "templates.entry")]
    [InlineData("""{"url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":[]}""", "templates")]
    public async Task What_is_not_valid_is_422_with_its_field(string body, string field)
    {
        var (status, error, _) = await CallAsync("POST", Root, body);
        Assert.True(status == HttpStatusCode.UnprocessableEntity, $"{status}: {error}");
        AssertField(error, field);
        Assert.Empty(Hooks.All);
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_told_at_once()
    {
        var (_, error, _) = await CallAsync("POST", Root, """{"url":"ftp://x/","topics":[{"resourceType":"thing"}],"headers":{"X Y":"a"},"templates":{"entry":"{/x}"}}""");
        Assert.Equal(
            ["headers.X Y", "templates.entry", "topics[0].resourceType", "url"],
            JsonDocument.Parse(error).RootElement.GetProperty("data").EnumerateArray().Select(each => Member(each, "field")).Order(StringComparer.Ordinal));
    }

    private static Change Entry(string type, params (string Name, string Value)[] fields) => Changes.Inserted(13) with
    {
        Kind = ChangeKind.MetadataChanged,
        Record = Changes.Record(13) with
        {
            Type = type,
            Language = "fr-FR",
            Owner = "t.durden",
            Fields = [.. fields.Select(field => new FieldSnapshot { Name = field.Name, Values = [field.Value] })],
        },
    };

    private static string Text(Rendering rendering) => Encoding.UTF8.GetString(rendering.Body.Span);

    private static string? Member(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static string AssertError(string body)
    {
        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal(["logId", "message", "data", "type"], error.EnumerateObject().Select(each => each.Name));
        Assert.NotEqual(Guid.Empty, error.GetProperty("logId").GetGuid());
        Assert.Equal("error", Member(error, "type"));
        return Member(error, "message")!;
    }

    private static void AssertField(string body, string field)
    {
        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal("Validation", Member(error, "type"));
        var first = error.GetProperty("data")[0];
        Assert.Equal(field, Member(first, "field"));
        Assert.NotEmpty(Member(first, "message")!);
    }

    private Task<Guid> CreateAsync(string body) => _plugin.CreateAsync(body);

    private Task<(HttpStatusCode Status, string Body, string? Location)> CallAsync(string method, string path, string? body = null, string user = "admin")
    {
        _host.Users.TryAdd("editor2", TestHost.User("editor2", "admin"));
        return _plugin.CallAsync(method, path, body, user);
    }
}
