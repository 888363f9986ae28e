using System.Text.Json;
using System.Text.RegularExpressions;

namespace Interop.Tests.Phraseanet;

/// <summary>What a receiver written for Phraseanet's webhooks gets when things happen in the site: whole bodies, and only what the application's owner may know.</summary>
public sealed class WebhookTests(PhraseanetSite site) : IClassFixture<PhraseanetSite>
{
    [Fact]
    public async Task Events_of_records_have_exactly_these_bodies()
    {
        var application = await site.RegisterAsync("admin", "Records");
        await site.ListenAsync(application, "/records");
        var (first, second) = (await CollectionAsync("phraseanet-one"), await CollectionAsync("phraseanet-two"));

        var record = await site.InsertAsync(new { title = "Côte", collection = "phraseanet-one", draft = true, fields = new Dictionary<string, string[]> { ["keywords"] = ["sea"] } });
        var id = record.GetProperty("id").GetInt64();
        var user = (await site.CallAsync(HttpMethod.Get, "/api/users/editor", null, "admin")).GetProperty("id").GetInt64();
        // Without the closing brace: each event adds to it.
        string Five(string name, long collection) => $$$"""{"databox_id":1,"record_id":{{{id}}},"collection_name":"{{{name}}}","base_id":{{{collection}}},"record_type":"record" """.TrimEnd();
        var inFirst = Five("phraseanet-one", first);
        await ExpectAsync("record.created", $$$""" "data":{{{inFirst}}},"media_type":"unknown","type":"","original_name":"Côte","initiator_user_id":{{{user}}},"permalink":""} """);

        await site.CallAsync(HttpMethod.Patch, $"/api/records/{id}", new { fields = new Dictionary<string, string[]> { ["keywords"] = ["sea", "coast"] } });
        await ExpectAsync("record.edited", $$$""" "data":{{{inFirst}}},"description":""" + """{"before":{"title":"Côte","keywords":"sea"},"after":{"title":"Côte","keywords":"sea; coast"}}} """);

        await site.CallAsync(HttpMethod.Post, $"/api/records/{id}/publish", null);
        await ExpectAsync("record.status_changed", $$$""" "data":{{{inFirst}}},"before":{"status":[{"bit":4,"state":true},{"bit":5,"state":false}]},"after":{"status":[{"bit":4,"state":false},{"bit":5,"state":false}]}} """);

        await site.CallAsync(HttpMethod.Patch, $"/api/records/{id}", new { collection = "phraseanet-two" });
        var inSecond = Five("phraseanet-two", second);
        await ExpectAsync("record.collection_changed", $$$""" "data":{{{inSecond}}},"before":{"collection_name":"phraseanet-one","base_id":{{{first}}}},"after":{"collection_name":"phraseanet-two","base_id":{{{second}}}}} """);

        await site.CallAsync(HttpMethod.Delete, $"/api/records/{id}", null, status: 204);
        await ExpectAsync("record.deleted", $$$""" "data":{{{inSecond}}}} """);

        async Task ExpectAsync(string name, string part) => await site.ExpectAsync("/records", name, part, each => each.GetProperty("data").GetProperty("record_id").GetInt64() == id);
    }

    [Fact]
    public async Task Events_of_users_requests_orders_and_feeds_have_exactly_these_bodies()
    {
        var application = await site.RegisterAsync("admin", "People");
        await site.ListenAsync(application, "/people");
        var collection = await CollectionAsync("phraseanet-people");

        var vera = await site.CallAsync(
            HttpMethod.Post, "/api/users", new { name = "vera", password = "at-least-eight-1", roles = new[] { "viewer" }, email = "vera@example.org", firstName = "Vera", lastName = "Lynn" }, "sysadmin", 201);
        var user = $$"""{"id":{{vera.GetProperty("id").GetInt64()}},"email":"vera@example.org","login":"vera"}""";
        await site.ExpectAsync("/people", "user.created", $$""" "user":{{user}} """);

        var viewer = await site.CallAsync(HttpMethod.Get, "/api/users/viewer", null, "admin");
        var asker = $$"""{"id":{{viewer.GetProperty("id").GetInt64()}},"email":"{{viewer.GetProperty("email").GetString()}}","login":"viewer"}""";
        var request = await site.CallAsync(HttpMethod.Post, "/api/registrations", new { collection = "phraseanet-people" }, "viewer", 201);
        await site.CallAsync(HttpMethod.Post, $"/api/registrations/{request.GetProperty("id").GetInt64()}/reject", null, "admin");
        await site.ExpectAsync("/people", "user.registration.rejected", $$""" "user":{{asker}},"granted":[],"rejected":{"{{collection}}":"phraseanet-people"} """);
        request = await site.CallAsync(HttpMethod.Post, "/api/registrations", new { collection = "phraseanet-people" }, "viewer", 201);
        await site.CallAsync(HttpMethod.Post, $"/api/registrations/{request.GetProperty("id").GetInt64()}/grant", null, "admin");
        await site.ExpectAsync("/people", "user.registration.granted", $$""" "user":{{asker}},"granted":{"{{collection}}":"phraseanet-people"},"rejected":[] """);

        var record = (await site.InsertAsync(new { title = "To be ordered" })).GetProperty("id").GetInt64();
        var order = (await site.CallAsync(HttpMethod.Post, "/api/orders", new { records = new[] { record } }, "viewer", 201)).GetProperty("id").GetInt64();
        await site.CallAsync(HttpMethod.Post, $"/api/orders/{order}/deliver", null, "admin");
        var denied = (await site.CallAsync(HttpMethod.Post, "/api/orders", new { records = new[] { record } }, "viewer", 201)).GetProperty("id").GetInt64();
        await site.CallAsync(HttpMethod.Post, $"/api/orders/{denied}/deny", null, "admin");
        await site.ExpectAsync("/people", "order.created", $$""" "user":{{asker}},"order":{{order}} """, each => each.GetProperty("order").GetInt64() == order);
        await site.ExpectAsync("/people", "order.delivered", $$""" "user":{{asker}},"order":{{order}} """);
        await site.ExpectAsync("/people", "order.denied", $$""" "user":{{asker}},"order":{{denied}} """);

        var feed = (await site.CallAsync(HttpMethod.Post, "/api/feeds", new { title = "Cannes", description = "Daily", @public = true }, "admin", 201)).GetProperty("id").GetInt64();
        var entry = (await site.CallAsync(
            HttpMethod.Post, $"/api/feeds/{feed}/entries", new { title = "Winners", description = "All of them", authorName = "N", authorEmail = "n@fdc.example", notifiedUsers = new[] { "vera" } }, "editor", 201))
            .GetProperty("id").GetInt64();
        await site.ExpectAsync(
            "/people", "new_feed_entry",
            $$""" "users_were_notified":true,"feed":{"id":{{feed}},"title":"Cannes","description":"Daily"},"entry":{"id":{{entry}},"author":{"name":"N","email":"n@fdc.example"},"title":"Winners","description":"All of them"},"users":[{"email":"vera@example.org","firstname":"Vera","lastname":"Lynn"}] """);

        await site.CallAsync(HttpMethod.Delete, "/api/users/vera", null, "sysadmin", 204);
        await site.ExpectAsync("/people", "user.deleted", $$""" "user":{{user}} """);
    }

    [Fact]
    public async Task An_owner_receives_what_he_may_see_and_nothing_of_private_records()
    {
        foreach (var owner in new[] { "viewer", "editor", "admin" })
            await site.ListenAsync(await site.RegisterAsync(owner, "Of " + owner), "/of-" + owner);
        await CollectionAsync("phraseanet-vault");
        var hidden = await site.InsertAsync(new { title = "Private", collection = "phraseanet-vault", @private = true }, "admin");
        var draft = await site.InsertAsync(new { title = "Draft", draft = true }, "admin");
        var open = await site.InsertAsync(new { title = "Open" }, "admin");
        await site.CallAsync(HttpMethod.Patch, $"/api/records/{Id(open)}", new { title = "Opened" }, "admin");
        // Opened later: what it was before stays unknown to who was not to know of it.
        await site.CallAsync(HttpMethod.Patch, $"/api/records/{Id(hidden)}", new { title = "Not private any more", @private = false }, "admin");
        var last = await site.InsertAsync(new { title = "Last" }, "admin");

        var all = new[] { hidden, draft, open, last };
        string[] Received(string owner) =>
            [.. site.Receiver.To("/of-" + owner).Where(each => all.Any(record => IsOf(each.Json, record))).Select(each => $"{each.Json.GetProperty("event").GetString()} {RecordOf(each.Json)}").Distinct().Order()];
        var expected = new Dictionary<string, string[]>
        {
            ["viewer"] = Expected(("record.created", open), ("record.created", last)),
            ["editor"] = Expected(("record.created", draft), ("record.created", open), ("record.edited", open), ("record.created", last)),
            ["admin"] = Expected(("record.created", hidden), ("record.created", draft), ("record.created", open), ("record.edited", open), ("record.edited", hidden), ("record.created", last)),
        };
        // In any order: the last change may come before the others.
        foreach (var (owner, events) in expected)
            await site.Receiver.WaitForAsync("/of-" + owner, _ => !events.Except(Received(owner)).Any());
        Assert.All(expected, each => Assert.Equal(each.Value, Received(each.Key)));

        static string[] Expected(params (string Event, JsonElement Record)[] events) => [.. events.Select(each => $"{each.Event} {Id(each.Record)}").Order()];
        static long Id(JsonElement record) => record.GetProperty("id").GetInt64();
        static long RecordOf(JsonElement body) => body.TryGetProperty("data", out var data) ? data.GetProperty("record_id").GetInt64() : 0;
        static bool IsOf(JsonElement body, JsonElement record) => RecordOf(body) == Id(record);
    }

    [Fact]
    public async Task Only_listened_events_come_and_the_last_ten_deliveries_are_told_with_those_that_failed()
    {
        var application = await site.RegisterAsync("editor", "Listener");
        var client = await site.ListenAsync(application, "/listener", "record.deleted");
        site.Receiver.Answer = request => new Reply(request.Path == "/listener" ? 410 : 204);
        for (var n = 0; n < 3; n++)
        {
            var record = await site.InsertAsync(new { title = $"Short-lived {n}" });
            await site.CallAsync(HttpMethod.Delete, $"/api/records/{record.GetProperty("id").GetInt64()}", null, status: 204);
        }
        var received = await site.Receiver.WaitForAsync("/listener");
        Assert.All(received, each => Assert.Equal("record.deleted", each.Json.GetProperty("event").GetString()));
        Assert.Equal(("POST", "application/json"), (received[0].Method, received[0].Header("Content-Type")));

        var path = $"/developers/application/{application.Id}/";
        JsonElement line;
        do
        {
            // The answer is settled a moment after it was given.
            var shown = await PhraseanetSite.FormAsync(client, HttpMethod.Get, path, 200);
            line = shown.GetProperty("deliveries").EnumerateArray().Last();
        }
        while (line.GetProperty("tries").GetInt32() == 0);
        Assert.Equal(("record.deleted", false, 410), (line.GetProperty("event").GetString(), line.GetProperty("delivered").GetBoolean(), line.GetProperty("status").GetInt32()));
        Assert.Contains(line.GetProperty("id").GetString(), site.Receiver.To("/listener").Select(each => each.Header("webhook-id")));
    }

    private async Task<long> CollectionAsync(string name) =>
        (await site.CallAsync(HttpMethod.Post, "/api/collections", new { name }, "admin", 201)).GetProperty("id").GetInt64();
}

internal static partial class ExpectedBodies
{
    /// <summary>Waits for an event and compares its whole body: the envelope around the part that is given.</summary>
    public static async Task ExpectAsync(this PhraseanetSite site, string path, string name, string part, Func<JsonElement, bool>? isIt = null)
    {
        var received = await site.Receiver.WaitForAsync(path, request => request.Json.GetProperty("event").GetString() == name && (isIt is null || isIt(request.Json)));
        var match = Envelope().Match(received.Text);
        Assert.True(match.Success, received.Text);
        Assert.Equal(
            $$$"""{"event":"{{{name}}}","webhookId":{{{match.Groups[1].Value}}},"version":1,"url":"{{{site.BaseUri}}}","instance_name":"{{{match.Groups[2].Value}}}","event_time":{"date":"{{{match.Groups[3].Value}}}","timezone_type":3,"timezone":"UTC"},{{{part.Trim()}}}}""",
            received.Text);
    }

    [GeneratedRegex("\"webhookId\":([1-9][0-9]*),.*\"instance_name\":\"([^\"]+)\".*\"date\":\"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6})\"")]
    private static partial Regex Envelope();
}
