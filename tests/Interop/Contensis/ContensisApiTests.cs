using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interop.Tests.Contensis;

/// <summary>
/// Webhook subscriptions managed as Contensis' own clients do it, contensis-management-api 2.4 and the CLI: their paths, headers and bodies; and what a receiver
/// gets that was written for Contensis.
/// </summary>
public sealed class ContensisApiTests(ContensisApiTests.Site site) : IClassFixture<ContensisApiTests.Site>
{
    private const string Root = "/api/management/projects/website/events/webhooks/subscriptions";

    [Fact]
    public async Task A_subscription_is_created_listed_changed_and_deleted()
    {
        var made = (await CallAsync("POST", Root + "/", $$"""
            {
              // As the CLI pushes it.
              "name": "Slack", "description": "Tells the team", "enabled": true, "method": "POST",
              "url": "{{site.Receiver.Address("/slack")}}",
              "topics": [{ "resourceType": "entry", "event": "created", "contentTypeId": ["news"], }],
              "headers": { "Authorization": { "value": "Bearer slack-secret", "secret": true } },
              "templates": { "entry": "{ \"text\": \"{/user/username} wrote {/resource/entryTitle}\" }" },
            }
            """)).Expect(201);
        var id = Text(made.Json, "id");
        Assert.Equal("application/json; charset=utf-8", made.Header("Content-Type"));
        Assert.EndsWith($"{Root}/{id}", made.Header("Location"), StringComparison.Ordinal);

        // The CLI looks a webhook up by its name, whatever the case.
        var list = (await CallAsync("GET", Root + "/?pageIndex=0&pageSize=25")).Expect(200).Json;
        var listed = Assert.Single(list.GetProperty("items").EnumerateArray(), each => each.GetProperty("name") is { ValueKind: JsonValueKind.String } name && "slack".Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
        Assert.Equal(id, Text(listed, "id"));
        Assert.DoesNotContain("slack-secret", list.GetRawText(), StringComparison.Ordinal);

        await site.InsertAsync(new { title = "Say \"hello\"", type = "news" });
        await site.InsertAsync(new { title = "No news", type = "image" });
        var first = (await site.Receiver.WaitForAsync("/slack"))[0];
        Assert.Equal("Say \"hello\"", Text(first.Json, "text")["editor wrote ".Length..]);
        Assert.Equal("Bearer slack-secret", first.Header("Authorization"));
        Assert.Equal("application/json; charset=utf-8", first.Header("Content-Type"));

        // It is read, changed in one place, and written back whole.
        var read = JsonNode.Parse((await CallAsync("GET", $"{Root}/{id}")).Expect(200).Text)!;
        read["templates"] = new JsonObject { ["entry.news"] = new JsonObject { ["blocks"] = new JsonArray("{/resource/entryTitle}", "{/resource/sys/version}") } };
        var saved = (await CallAsync("PUT", $"{Root}/{id}", read.ToJsonString())).Expect(200).Json;
        Assert.Equal("2.0", Text(saved.GetProperty("version"), "versionNo"));
        var stale = (await CallAsync("PUT", $"{Root}/{id}", read.ToJsonString())).Expect(422).Json;
        Assert.Equal(("Validation", "version.versionNo"), (Text(stale, "type"), Text(stale.GetProperty("data")[0], "field")));
        await site.InsertAsync(new { title = "Second", type = "news" });
        var second = (await site.Receiver.WaitForAsync("/slack", 2))[1];
        Assert.Equal("Second", second.Json.GetProperty("blocks")[0].GetString());
        Assert.Equal("1.0", Text(second.Json.GetProperty("blocks")[1], "versionNo"));
        Assert.Equal("Bearer slack-secret", second.Header("Authorization"));

        Assert.Empty((await CallAsync("DELETE", $"{Root}/{id}/")).Expect(204).Body);
        (await CallAsync("GET", $"{Root}/{id}")).Expect(404);
        await site.InsertAsync(new { title = "Third", type = "news" });
        Assert.Equal(2, site.Receiver.To("/slack").Count);
    }

    [Fact]
    public async Task Address_headers_and_default_body_say_what_happened()
    {
        var made = (await CallAsync("POST", Root, $$"""
            {
              "name": { "en-GB": "Index" }, "method": "PUT", "url": "{{site.Receiver.Address("/index/{/resource/sys.contentTypeId}/x?id={/resource/sys/id}&title={/resource/entryTitle}")}}",
              "topics": [{ "resourceType": "entry", "event": ["created"], "language": ["FR"] }],
              "headers": { "x-type": { "value": "{/resource/sys/contentTypeId}-{/event/name}" } }
            }
            """)).Expect(201);
        var record = await site.InsertAsync(new { title = "a/../b?c=é&d", type = "image", language = "fr" });
        var received = (await site.Receiver.WaitForAsync("/index/image/x"))[0];
        var body = received.Json;
        var resource = body.GetProperty("resource");
        Assert.Equal("PUT", received.Method);
        Assert.Equal($"/index/image/x?id={Text(resource, "id")}&title=a%2F..%2Fb%3Fc%3D%C3%A9%26d", received.Target);
        Assert.Equal("image-created", received.Header("x-type"));
        Assert.Equal(["eventId", "eventName", "subscriptionId", "datetime", "invokedBy", "resource"], body.EnumerateObject().Select(each => each.Name));
        Assert.Equal(["id", "type", "projectId", "contentTypeId", "title", "language", "url"], resource.EnumerateObject().Select(each => each.Name));
        Assert.Equal(
            (Text(made.Json, "id"), "created", "entry", "website", "image", "fr"),
            (Text(body, "subscriptionId"), Text(body, "eventName"), Text(resource, "type"), Text(resource, "projectId"), Text(resource, "contentTypeId"), Text(resource, "language")));
        Assert.Equal("editor", Text(body.GetProperty("invokedBy"), "username"));
        Assert.EndsWith($"/records/{record.GetProperty("id").GetInt64()}", Text(resource, "url"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_events_and_states_are_told_by_contensis_names()
    {
        (await CallAsync("POST", Root, $$"""
            {
              "name": "Approvals", "url": "{{site.Receiver.Address("/workflow")}}",
              "topics": [
                { "resourceType": "entry", "event": ["workflowEventRaised"], "workflowEvent": ["contensisentryapproval.draft.submit"] },
                { "resourceType": "entry", "event": ["workflowStateChanged"], "workflowState": ["contensisEntryApproval.versionComplete"] },
                { "resourceType": "entry", "event": ["published"], "contentTypeId": "blog" }
              ],
              "templates": { "entry": { "event": "{/event/name}", "workflow": "{/resource/sys/workflow}" } }
            }
            """)).Expect(201);
        var id = (await site.InsertAsync(new { title = "To be approved", type = "blog" })).GetProperty("id").GetInt64();
        await site.CallAsync(HttpMethod.Post, $"/api/records/{id}/workflow/submit", null, "editor");
        await site.CallAsync(HttpMethod.Post, $"/api/records/{id}/workflow/approve", null, "admin");
        var received = await site.Receiver.WaitForAsync("/workflow", 3);
        Assert.Equal(
            ["published", "workflowEventRaised contensisEntryApproval.draft.submit", "workflowStateChanged contensisEntryApproval.versionComplete"],
            received.Select(each => Story(each.Json)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_has_no_right_is_told_in_contensis_words()
    {
        foreach (var (user, status) in new (string?, int)[] { ("editor", 403), (null, 401) })
        {
            var error = (await CallAsync("GET", Root, user: user)).Expect(status).Json;
            Assert.Equal(["logId", "message", "data", "type"], error.EnumerateObject().Select(each => each.Name));
        }
        var rights = (await CallAsync("GET", "/api/management/projects/website/security/permissions/webhooksubscriptions?userId=admin")).Expect(200).Json;
        Assert.Equal(5, rights.GetProperty("actions").GetArrayLength());
        (await CallAsync("GET", "/api/management/projects/website/security/permissions/webhookSubscriptions/actions/create", user: "editor")).Expect(404);
    }

    [Fact]
    public async Task A_token_opens_the_doors_for_who_may_pass_them()
    {
        foreach (var (user, status) in new[] { ("admin", 200), ("editor", 403) })
        {
            var made = (await site.CallAsync(HttpMethod.Post, "/developers/application", new { name = "CLI", website = "https://cli.example.org/", type = "web" }, user, 201));
            var form = $"grant_type=client_credentials&client_id={Text(made.GetProperty("application"), "client_id")}&client_secret={Text(made, "client_secret")}&scope="
                + Uri.EscapeDataString("Security_Administrator Entry_Read Entry_Write Entry_Delete ContentType_Read Project_Read Node_Read");
            var token = (await RawCall.SendAsync(
                site.BaseUri,
                """
                POST /authenticate/connect/token HTTP/1.1
                Accept: application/json
                Content-Type: application/x-www-form-urlencoded; charset=utf-8
                Connection: close
                Host: {host}
                """,
                form)).Expect(200).Json;
            Assert.True(token.GetProperty("expires_in").GetInt32() > 0);
            (await RawCall.SendAsync(
                site.BaseUri, $"GET {Root} HTTP/1.1\nHost: {{host}}\nAccept: application/json\nAuthorization: Bearer {Text(token, "access_token")}")).Expect(status);
        }
    }

    [Fact]
    public async Task What_happens_while_it_is_disabled_is_not_sent_later()
    {
        string Body(bool enabled, string version) =>
            $$"""{"name":"Off","url":"{{site.Receiver.Address("/off")}}","enabled":{{(enabled ? "true" : "false")}},"topics":[{"resourceType":"entry","event":["created"]}],"templates":{"entry":"{/resource/entryTitle}"},"version":{"versionNo":"{{version}}"} }""";
        var id = Text((await CallAsync("POST", Root, Body(enabled: false, ""))).Expect(201).Json, "id");
        await site.InsertAsync(new { title = "Unheard" });
        (await CallAsync("PUT", $"{Root}/{id}", Body(enabled: true, "1.0"))).Expect(200);
        await site.InsertAsync(new { title = "Heard" });
        Assert.Equal("\"Heard\"", Assert.Single(await site.Receiver.WaitForAsync("/off")).Text);
        (await CallAsync("DELETE", $"{Root}/{id}")).Expect(204);
    }

    [Fact]
    public async Task A_stream_tells_each_caller_what_he_may_see()
    {
        using var client = site.Client("editor");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/management/projects/website/events/sse/stream")
        {
            Content = new StringContent("""{"topics":[{"resourceType":"entry","event":["created"]}],"templates":{"entry":"{ \"title\": \"{/resource/entryTitle}\" }"}}"""),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Accept", "application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(":", await reader.ReadLineAsync());
        await site.CallAsync(HttpMethod.Post, "/api/collections", new { name = "closed" }, "sysadmin", 201);
        await site.InsertAsync(new { title = "Not for editors", collection = "closed", @private = true }, "sysadmin");
        await site.InsertAsync(new { title = "For all" }, "sysadmin");
        string? line;
        do
            line = await reader.ReadLineAsync();
        while (line is not null && !line.StartsWith("data:", StringComparison.Ordinal));
        Assert.Equal("data: { \"title\": \"For all\" }", line);
    }

    private static string Story(JsonElement body)
    {
        var workflow = body.GetProperty("workflow");
        return Text(body, "event") switch
        {
            "workflowEventRaised" => $"workflowEventRaised {Text(workflow, "id")}.{Text(workflow, "previousState")}.{Text(workflow, "event")}",
            "workflowStateChanged" => $"workflowStateChanged {Text(workflow, "id")}.{Text(workflow, "state")}",
            var name => name,
        };
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private Task<RawAnswer> CallAsync(string method, string path, string? body = null, string? user = "admin") => RawCall.SendAsync(
        site.BaseUri,
        $"""
        {method} {path} HTTP/1.1
        Accept: application/json
        Content-Type: application/json
        User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
        Accept-Encoding: identity
        Connection: close
        Host: {site.BaseUri.Authority}
        """ + (user is null ? "" : $"\nAuthorization: Bearer {InteropHost.KeyOf(user)}"),
        body);

    /// <summary>A site that has no hooks of its own.</summary>
    public sealed class Site : InteropHost;
}
