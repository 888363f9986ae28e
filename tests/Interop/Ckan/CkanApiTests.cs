using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interop.Tests.Ckan;

/// <summary>The action API as ckanapi 4.11 calls it, byte for byte as that was recorded, and what a receiver written for ckanext-webhooks gets.</summary>
public sealed class CkanApiTests(CkanApiTests.Site site) : IClassFixture<CkanApiTests.Site>
{
    [Fact]
    public async Task A_webhook_is_created_shown_sent_to_and_deleted()
    {
        var address = site.Receiver.Address("/callback");
        var create = await CallAsync("webhook_create", $$"""{"topic": "dataset/create", "address": "{{address}}"}""");
        var id = create.Expect(200).Json.GetProperty("result").GetString()!;
        Assert.Equal(
            $$"""{"help": "{{Base}}/api/3/action/help_show?name=webhook_create", "success": true, "result": "{{id}}"}""",
            create.Text);
        Assert.Equal("application/json;charset=utf-8", create.Header("Content-Type"));

        var show = (await CallAsync("webhook_show", $$"""{"id": "{{id}}"}""")).Expect(200).Json.GetProperty("result");
        Assert.Equal(["id", "address", "topic", "user_id", "created_at"], show.EnumerateObject().Select(member => member.Name));
        Assert.Equal((id, address, "dataset/create", "editor"), (Text(show, "id"), Text(show, "address"), Text(show, "topic"), Text(show, "user_id")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$", Text(show, "created_at"));
        Assert.Contains(id, (await CallAsync("webhook_list", """{"topic": "dataset/create"}""")).Expect(200).Text, StringComparison.Ordinal);

        var record = await site.InsertAsync(new { title = "Höhenmodell", fields = new Dictionary<string, string[]> { ["description"] = ["408 m über Meer"] } });
        var received = (await site.Receiver.WaitForAsync("/callback"))[0];
        Assert.Equal("application/json", received.Header("Content-Type"));
        Assert.All(received.Body, letter => Assert.InRange(letter, (byte)' ', (byte)'~'));
        var payload = received.Json;
        Assert.Equal(["entity", "address", "webhook_id", "ckan", "topic", "user_ref"], payload.EnumerateObject().Select(member => member.Name));
        Assert.Equal((address, id, Base, "dataset/create", "editor"), (Text(payload, "address"), Text(payload, "webhook_id"), Text(payload, "ckan"), Text(payload, "topic"), Text(payload, "user_ref")));
        var entity = payload.GetProperty("entity");
        Assert.Equal((Text(record, "pid"), "Höhenmodell", "408 m über Meer"), (Text(entity, "id"), Text(entity, "title"), Text(entity, "notes")));
        Assert.NotNull(received.Header("webhook-signature"));

        var delete = await CallAsync("webhook_delete", $$"""{"id": "{{id}}"}""");
        Assert.Equal(id, delete.Expect(200).Json.GetProperty("result").GetString());
        var gone = await CallAsync("webhook_show", $$"""{"id": "{{id}}"}""");
        Assert.Equal("Not Found Error", Text(gone.Expect(404).Json.GetProperty("error"), "__type"));
        await site.InsertAsync(new { title = "After the deletion" });
        Assert.Single(site.Receiver.To("/callback"));
    }

    [Fact]
    public async Task Private_and_draft_datasets_reach_only_owners_who_may_see_them()
    {
        foreach (var user in new[] { "viewer", "editor", "sysadmin" })
            (await CallAsync("webhook_create", $$"""{"topic": "dataset/create", "address": "{{site.Receiver.Address($"/of-{user}")}}"}""", user)).Expect(200);
        await site.CallAsync(HttpMethod.Post, "/api/collections", new { name = "vault" }, "sysadmin", 201);
        var hidden = await site.InsertAsync(new { title = "Private", collection = "vault", @private = true }, "sysadmin");
        var draft = await site.InsertAsync(new { title = "Draft", draft = true }, "sysadmin");
        var open = await site.InsertAsync(new { title = "Open" }, "sysadmin");

        foreach (var (user, seen) in new[] { ("viewer", new[] { open }), ("editor", [draft, open]), ("sysadmin", [hidden, draft, open]) })
        {
            foreach (var record in seen)
                await site.Receiver.WaitForAsync($"/of-{user}", request => request.Text.Contains(Text(record, "pid"), StringComparison.Ordinal));
            var expected = seen.Select(record => Text(record, "pid")).Order();
            Assert.Equal(expected, site.Receiver.To($"/of-{user}").Select(request => Text(request.Json.GetProperty("entity"), "id")).Where(pid => new[] { hidden, draft, open }.Any(each => Text(each, "pid") == pid)).Order());
        }
    }

    [Fact]
    public async Task One_save_is_one_message_of_each_thing_that_it_changed()
    {
        var ids = new List<string>();
        foreach (var topic in new[] { "dataset/create", "dataset/update", "dataset/delete", "resource/create", "resource/update", "resource/delete" })
            ids.Add((await CallAsync("webhook_create", $$"""{"topic": "{{topic}}", "address": "{{site.Receiver.Address("/all")}}"}""")).Expect(200).Json.GetProperty("result").GetString()!);
        var record = await site.InsertAsync(new { title = "One", draft = true });
        var id = record.GetProperty("id").GetInt64();
        await site.CallAsync(HttpMethod.Patch, $"/api/records/{id}", new { title = "Two", draft = false });
        await site.CallAsync(HttpMethod.Delete, $"/api/records/{id}", null, status: 204);

        await site.Receiver.WaitForAsync("/all", request => Text(request.Json, "topic") == "dataset/delete" && Text(request.Json.GetProperty("entity"), "id") == Text(record, "pid"));
        var told = site.Receiver.To("/all").Select(request => request.Json).Where(json => Text(json.GetProperty("entity"), "id") == Text(record, "pid")).ToArray();
        Assert.Equal(["dataset/create", "dataset/delete", "dataset/update"], told.Select(json => Text(json, "topic")).Order());
        Assert.Equal(["draft", "deleted", "active"], told.OrderBy(json => Text(json, "topic"), StringComparer.Ordinal).Select(json => Text(json.GetProperty("entity"), "state")));
        foreach (var each in ids)
            (await CallAsync("webhook_delete", $$"""{"id": "{{each}}"}""")).Expect(200);
    }

    [Fact]
    public async Task Files_are_resources_and_a_move_is_an_update()
    {
        var ids = new List<string>();
        foreach (var topic in new[] { "dataset/create", "dataset/update", "dataset/delete", "resource/create", "resource/update", "resource/delete" })
            ids.Add((await CallAsync("webhook_create", $$"""{"topic": "{{topic}}", "address": "{{site.Receiver.Address("/files")}}"}""", "sysadmin")).Expect(200).Json.GetProperty("result").GetString()!);
        await site.CallAsync(HttpMethod.Post, "/api/collections", new { name = "maps" }, "sysadmin", 201);
        var record = await site.InsertAsync(new { title = "With files" });
        var (id, pid) = (record.GetProperty("id").GetInt64(), Text(record, "pid"));
        var added = await SendFileAsync(HttpMethod.Post, $"/api/records/{id}/files", "heights.csv", "x,y,z");
        var file = added.GetProperty("files")[0].GetProperty("pid").GetString()!;
        var content = (await site.Receiver.WaitForAsync("/files", request => Text(request.Json, "topic") == "resource/create")).Json.GetProperty("entity").GetProperty("url").GetString();
        Assert.Equal($"{Base}/files/{Uri.EscapeDataString(file)}/content", content);
        Assert.Equal("x,y,z", await site.Client("viewer").GetStringAsync(content));
        await SendFileAsync(HttpMethod.Put, $"/api/files/{Uri.EscapeDataString(file)}/content", "heights.csv", "x,y,z\n1,2,3");
        await site.CallAsync(HttpMethod.Delete, $"/api/files/{Uri.EscapeDataString(file)}", null, status: 204);
        await site.CallAsync(HttpMethod.Patch, $"/api/records/{id}", new { title = "Moved and edited", collection = "maps" }, "sysadmin");
        await site.CallAsync(HttpMethod.Delete, $"/api/records/{id}", null, "sysadmin", 204);

        await site.Receiver.WaitForAsync("/files", 6);
        await site.Receiver.WaitForAsync("/files", request => Text(request.Json, "topic") == "dataset/delete");
        var told = site.Receiver.To("/files").Select(request => request.Json).OrderBy(json => Text(json, "topic"), StringComparer.Ordinal).ToArray();
        Assert.Equal(["dataset/create", "dataset/delete", "dataset/update", "resource/create", "resource/delete", "resource/update"], told.Select(json => Text(json, "topic")));
        Assert.Equal(("Moved and edited", "maps"), (Text(told[2].GetProperty("entity"), "title"), Text(told[2].GetProperty("entity"), "owner_org")));
        var created = told[3].GetProperty("entity");
        Assert.Equal((file, pid, "CSV", "heights.csv", 5), (Text(created, "id"), Text(created, "package_id"), Text(created, "format"), Text(created, "name"), created.GetProperty("size").GetInt32()));
        Assert.Equal(["active", "deleted", "active"], told[3..].Select(json => Text(json.GetProperty("entity"), "state")));
        foreach (var each in ids)
            (await CallAsync("webhook_delete", $$"""{"id": "{{each}}"}""", "sysadmin")).Expect(200);
    }

    private async Task<JsonElement> SendFileAsync(HttpMethod method, string path, string name, string content)
    {
        using var form = new MultipartFormDataContent { { new StringContent(content), "file", name } };
        using var request = new HttpRequestMessage(method, path) { Content = form };
        using var answer = await site.Client("editor").SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    [PythonFact]
    public async Task A_client_in_python_is_content()
    {
        var start = new ProcessStartInfo("python3", ["-c", Script, Base, InteropHost.KeyOf("editor"), site.Receiver.Address("/python")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var client = Process.Start(start)!;
        var output = client.StandardOutput.ReadToEndAsync();
        var errors = client.StandardError.ReadToEndAsync();
        await client.WaitForExitAsync();
        Assert.True(client.ExitCode == 0, await errors);
        Assert.Equal("content", (await output).Trim());
    }

    // The requests that ckanapi's RemoteCKAN makes, and its way of telling errors apart.
    private const string Script = """
        import sys, json, requests
        base, key, address = sys.argv[1:4]
        def call(action, data, key=key):
            headers = {'Content-Type': 'application/json'}
            if key:
                headers.update({'X-CKAN-API-Key': key, 'Authorization': key})
            answer = requests.post(base + '/api/action/' + action, data=json.dumps(data).encode('ascii'), headers=headers, allow_redirects=False)
            told = json.loads(answer.text)
            if isinstance(told, str):
                return 'CKANAPIError', told
            return (None, told['result']) if told['success'] else (told['error']['__type'], told['error'])
        fault, hook = call('webhook_create', {'topic': 'dataset/update', 'address': address})
        assert fault is None and isinstance(hook, str), hook
        assert call('webhook_show', {'id': hook})[1]['id'] == hook
        assert call('webhook_update', {'id': hook, 'topic': 'dataset/delete'})[1]['topic'] == 'dataset/delete'
        assert call('webhook_show', {'id': 'x'})[0] == 'Not Found Error'
        assert call('webhook_create', {})[1] == {'address': ['Missing value'], 'topic': ['Missing value'], '__type': 'Validation Error'}
        assert call('webhook_create', {'topic': 'dataset/update', 'address': address}, None)[0] == 'Authorization Error'
        assert call('package_show', {'id': 'x'}) == ('CKANAPIError', 'Bad request: Action name not known: package_show')
        assert call('webhook_delete', {'id': hook}) == (None, hook)
        print('content')
        """;

    private string Base => site.BaseUri.AbsoluteUri.TrimEnd('/');

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private Task<RawAnswer> CallAsync(string action, string body, string user = "editor") => RawCall.SendAsync(
        site.BaseUri,
        $$"""
        POST /api/action/{{action}} HTTP/1.1
        Host: {host}
        User-Agent: ckanapi/4.11 (+https://github.com/ckan/ckanapi)
        Accept-Encoding: gzip, deflate
        Accept: */*
        Connection: keep-alive
        Content-Type: application/json
        X-CKAN-API-Key: {{InteropHost.KeyOf(user)}}
        Authorization: {{InteropHost.KeyOf(user)}}
        """,
        body);

    /// <summary>A site where everybody who signed in may have webhooks.</summary>
    public sealed class Site : InteropHost
    {
        protected override JsonObject OwnSettings() => new() { ["ckan"] = new JsonObject { ["minimumAuth"] = "none" } };
    }
}

/// <summary>A test that takes Python with the package requests.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!HasRequests())
            Skip = "python3 with the package requests is not here.";
    }

    private static bool HasRequests()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import requests"]) { RedirectStandardError = true })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
