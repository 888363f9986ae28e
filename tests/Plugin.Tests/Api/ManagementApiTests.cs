using System.Globalization;
using System.Net;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Buttons;
using Plugin.Tests.Send;

namespace Plugin.Tests.Api;

public sealed class ManagementApiTests : IAsyncLifetime
{
    private const string Config = """
        {
          "buttons": [{ "buttontext": "Fetch", "url": "http://user:passw0rd@cms.example.org/?id=", "roles": ["editor"] }],
          "hooks": [
            { "label": "Keyed", "dialect": "standard", "url": "https://user:passw0rd@a.example.org/hook?token=t0ken", "secret": "whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ==" },
            { "label": "Keyless", "dialect": "standard", "url": "https://b.example.org/hook" }
          ]
        }
        """;

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With(Config));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/api/webhooks/subscriptions")]
    [InlineData("/api/webhooks/subscriptions/1")]
    [InlineData("/api/webhooks/deliveries")]
    [InlineData("/api/webhooks/deliveries/1")]
    [InlineData("/api/webhooks/presses")]
    public async Task Only_administrators_are_let_in_and_others_get_problem_details(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(path, null)).StatusCode);
        using var forbidden = await GetAsync(path, "editor");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal("application/problem+json", forbidden.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await forbidden.Content.ReadAsStringAsync());
        Assert.Equal(403, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Subscriptions_are_shown_without_a_secret()
    {
        var (first, _) = await SubscribeAsync();
        var text = await TextAsync("/api/webhooks/subscriptions");
        Assert.DoesNotContain("passw0rd", text, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec", text, StringComparison.Ordinal);
        using var page = JsonDocument.Parse(text);
        var subscription = page.RootElement.GetProperty("subscriptions")[0];
        Assert.Equal(first, subscription.GetProperty("id").GetInt64());
        Assert.Equal("keyed", subscription.GetProperty("key").GetString());
        Assert.Equal("active", subscription.GetProperty("state").GetString());
        Assert.Equal(0, subscription.GetProperty("counts").GetProperty("pending").GetInt64());
        Assert.Contains("a.example.org/hook", subscription.GetProperty("url").GetString(), StringComparison.Ordinal);
        using var one = await JsonAsync($"/api/webhooks/subscriptions?after=0&limit=1");
        Assert.Equal(first, one.RootElement.GetProperty("next").GetInt64());
        using var rest = await JsonAsync($"/api/webhooks/subscriptions?after={first}&limit=1");
        Assert.Equal(JsonValueKind.Null, rest.RootElement.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_generated_secret_is_shown_once_when_it_is_rotated_and_the_former_signs_on()
    {
        await SubscribeAsync();
        var before = _plugin.Settings.Current.Hooks[1].Secret;
        using var answer = await PostAsync("/api/webhooks/subscriptions/keyless/rotate-secret", "admin");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(WebhookSecret.TryParse(json.RootElement.GetProperty("secret").GetString(), out var secret));
        var hook = _plugin.Settings.Current.Hooks[1];
        Assert.Equal(secret, hook.Secret);
        Assert.Equal([before!], hook.RetiringSecrets);
        Assert.NotEqual(before, hook.Secret);

        await _plugin.DisposeAsync();
        _plugin = await TestPlugin.StartAsync(_folder);
        Assert.Equal(secret, _plugin.Settings.Current.Hooks[1].Secret);
    }

    [Fact]
    public async Task A_public_key_is_shown_to_administrators_and_its_private_half_nowhere()
    {
        const string Url = "/api/webhooks/subscriptions/pair";
        _folder.With("""{ "hooks": [{ "label": "Pair", "url": "https://a.example.org/", "signing": "both", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }] }""");
        await _plugin.DisposeAsync();
        _plugin = await TestPlugin.StartAsync(_folder);
        var hook = Assert.Single(_plugin.Settings.Current.Hooks);
        using var before = await JsonAsync(Url);
        Assert.Equal("both", before.RootElement.GetProperty("signing").GetString());
        Assert.Equal(hook.SigningKey!.PublicText, Assert.Single(before.RootElement.GetProperty("publicKeys").EnumerateArray()).GetString());
        Assert.Contains(hook.SigningKey.PublicText, WebUtility.HtmlDecode(await TextAsync("/plugins/ApiWebhooks/receiving?subscription=pair")), StringComparison.Ordinal);

        using var answer = await PostAsync(Url + "/rotate-secret", "admin");
        using var rotated = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(JsonValueKind.Null, rotated.RootElement.GetProperty("secret").ValueKind); // it stands in the file
        var renewed = rotated.RootElement.GetProperty("publicKey").GetString();
        using var after = await JsonAsync(Url);
        Assert.Equal([renewed, hook.SigningKey.PublicText], after.RootElement.GetProperty("publicKeys").EnumerateArray().Select(key => key.GetString()));
        await _plugin.DisposeAsync();
        _plugin = await TestPlugin.StartAsync(_folder);
        Assert.Equal(renewed, _plugin.Settings.Current.Hooks[0].SigningKey!.PublicText);
    }

    [Fact]
    public async Task A_secret_of_the_file_is_not_rotated_here_and_a_browsers_cookie_alone_rotates_nothing()
    {
        await SubscribeAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("/api/webhooks/subscriptions/keyed/rotate-secret", "admin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/api/webhooks/subscriptions/none/rotate-secret", "admin")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/api/webhooks/subscriptions/keyless/rotate-secret", "editor")).StatusCode);
        _plugin.Host.Users["cookie"] = TestHost.User("cookie", "admin");
        var before = _plugin.Settings.Current.Hooks[1].Secret;
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/webhooks/subscriptions/keyless/rotate-secret", "cookie")).StatusCode);
        Assert.Equal(before, _plugin.Settings.Current.Hooks[1].Secret);
    }

    [Fact]
    public async Task A_subscription_is_paused_and_resumed_and_a_delivery_sent_again_or_given_up()
    {
        var (first, second) = await SubscribeAsync();
        Assert.Equal("paused", await StateAsync("/api/webhooks/subscriptions/keyed/pause"));
        var ids = await DeliverAsync(first, second);
        Assert.Equal("held", await StateAsync($"/api/webhooks/deliveries/{ids[0]}/resend"));
        Assert.Equal("cancelled", await StateAsync($"/api/webhooks/deliveries/{ids[0]}/cancel"));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync($"/api/webhooks/deliveries/{ids[0]}/cancel", "admin")).StatusCode);
        Assert.Equal("active", await StateAsync("/api/webhooks/subscriptions/keyed/resume"));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/api/webhooks/subscriptions/none/pause", "admin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/api/webhooks/deliveries/99999/resend", "admin")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/api/webhooks/subscriptions/keyed/pause", "editor")).StatusCode);

        async Task<string?> StateAsync(string path)
        {
            using var answer = await PostAsync(path, "admin");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return json.RootElement.GetProperty("state").GetString();
        }
    }

    [Fact]
    public async Task Every_hook_has_a_secret_of_its_own_in_force_that_no_file_shows()
    {
        var secret = _plugin.Settings.Current.Hooks[1].Secret;
        Assert.NotNull(secret);
        Assert.NotEqual(_plugin.Settings.Current.Hooks[0].Secret, secret);
        // The lock is empty, and nobody else may open it.
        foreach (var file in Directory.GetFiles(_folder.Data).Where(file => Path.GetExtension(file) != ".lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(secret.Reveal()["whsec_".Length..], await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Deliveries_are_filtered_paged_and_told_with_every_attempt()
    {
        var (first, second) = await SubscribeAsync();
        var ids = await DeliverAsync(first, second);
        using var all = await JsonAsync("/api/webhooks/deliveries");
        Assert.Equal(ids, all.RootElement.GetProperty("deliveries").EnumerateArray().Select(each => each.GetProperty("id").GetInt64()));
        Assert.Equal(2, await CountAsync($"subscription={first}"));
        Assert.Equal(2, await CountAsync("subscription=keyless"));
        Assert.Equal(1, await CountAsync("state=delivered"));
        Assert.Equal(2, await CountAsync("record=14"));
        Assert.Equal(0, await CountAsync("record=15"));
        using var page = await JsonAsync("/api/webhooks/deliveries?limit=3");
        Assert.Equal(ids[2], page.RootElement.GetProperty("next").GetInt64());
        Assert.Equal(1, await CountAsync($"after={ids[2]}"));

        using var one = await JsonAsync($"/api/webhooks/deliveries/{ids[0]}");
        var delivery = one.RootElement;
        Assert.Equal(("delivered", "record.inserted"), (delivery.GetProperty("state").GetString(), delivery.GetProperty("event").GetString()));
        Assert.Equal("{\"n\":1}", delivery.GetProperty("body").GetString());
        var attempt = Assert.Single(delivery.GetProperty("attempts").EnumerateArray());
        Assert.Equal(("ok", 200, 12), (attempt.GetProperty("answer").GetString(), attempt.GetProperty("status").GetInt32(), attempt.GetProperty("durationMs").GetInt32()));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("after=one")]
    [InlineData("state=lost")]
    [InlineData("record=abc")]
    public async Task Parameters_that_make_no_sense_are_told(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync($"/api/webhooks/deliveries?{query}", "admin")).StatusCode);

    [Fact]
    public async Task Presses_of_a_record_are_for_those_who_may_edit_it()
    {
        await PressAsync("p-1", "<b>hostile</b>");
        using var forEditor = await JsonAsync("/api/webhooks/presses?record=13", "editor");
        var press = Assert.Single(forEditor.RootElement.GetProperty("presses").EnumerateArray());
        Assert.Equal(("failed", "DnsFailed", "editor"), (press.GetProperty("state").GetString(), press.GetProperty("outcome").GetString(), press.GetProperty("user").GetString()));
        Assert.Equal(JsonValueKind.Null, press.GetProperty("request").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/api/webhooks/presses?record=13", "viewer")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/webhooks/presses?record=13", null)).StatusCode);
        using var forAdmin = await JsonAsync("/api/webhooks/presses");
        Assert.Contains("Content-type", forAdmin.RootElement.GetProperty("presses")[0].GetProperty("request").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_everything_encoded_and_no_secret()
    {
        var (first, second) = await SubscribeAsync();
        await DeliverAsync(first, second);
        await PressAsync("p-1", "<b>hostile</b>");
        File.WriteAllText(_folder.ConfigPath, Config.Replace("\"roles\"", "\"<i>rolls\"", StringComparison.Ordinal));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (_plugin.Settings.Faults.Count == 0)
            await timer.WaitForNextTickAsync();

        var html = await TextAsync("/plugins/ApiWebhooks/") + await TextAsync("/plugins/ApiWebhooks/buttons") + await TextAsync("/plugins/ApiWebhooks/buttons/presses")
            + await TextAsync("/plugins/ApiWebhooks/deliveries");
        Assert.Contains("&lt;i&gt;rolls", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;hostile&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        foreach (var secret in (string[])["passw0rd", "t0ken", "whsec_"])
            Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        foreach (var text in (string[])["The file as it stands is refused", "Keyless", "record.inserted", "fetch", "being sent", "http://***@cms.example.org/?id="])
            Assert.Contains(text, html, StringComparison.Ordinal);
        _plugin.Host.Users["admin"] = _plugin.Host.Users["admin"] with { Language = "fr" };
        Assert.Contains("Ce qui n’est pas livré, et pourquoi", await TextAsync("/plugins/ApiWebhooks/"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/plugins/ApiWebhooks/", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/plugins/ApiWebhooks/", "editor")).StatusCode);
        var style = System.Text.RegularExpressions.Regex.Match(html, "href=\"(/plugins/ApiWebhooks/assets/webhooks.css[^\"]*)\"").Groups[1].Value;
        Assert.Contains(".webhooks", await TextAsync(style), StringComparison.Ordinal);
    }

    private async Task PressAsync(string key, string label)
    {
        var button = _plugin.Settings.Current.Buttons[0] with { Url = "http://no-such-host.invalid/" };
        var press = new ButtonPress
        {
            ButtonKey = button.Key,
            PressKey = key,
            PressedAt = DateTimeOffset.UnixEpoch,
            Page = new EditPageContext(TestHost.Record(13), _plugin.Host.Users["editor"], "edit", "en", "en"),
        };
        await _plugin.Get<PressRunner>().RunAsync(button, press, label);
    }

    // What detecting stores for the two hooks.
    private async Task<(long First, long Second)> SubscribeAsync()
    {
        var queue = await DeliveryQueue.OpenAsync(_plugin.Get<PluginDatabase>(), TimeProvider.System);
        var ids = new List<long>();
        foreach (var hook in _plugin.Settings.Current.Hooks)
        {
            var known = queue.ReadSubscriptions().FirstOrDefault(each => each.Key == hook.Key);
            ids.Add((known ?? await queue.AddSubscriptionAsync(new Subscription
            {
                Id = 0,
                Key = hook.Key,
                Label = hook.Label,
                State = SubscriptionState.Active,
                StartsAfter = 0,
                CreatedAt = DateTimeOffset.UnixEpoch,
            })).Id);
        }

        return (ids[0], ids[1]);
    }

    // Two changes, both owed to both; the first was taken by the first.
    private async Task<long[]> DeliverAsync(long first, long second)
    {
        await _plugin.Get<PluginDatabase>().WriteAsync(connection =>
        {
            for (var n = 1; n <= 2; n++)
            {
                connection.Run(string.Create(CultureInfo.InvariantCulture, $$"""
                    INSERT INTO message (change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body)
                    VALUES ({{n}}, '0192f0c0-0000-7000-8000-00000000000{{n}}', 'record.inserted', {{12 + n}}, 1000, 1000, 'application/json', {{TestDatabase.Bytes($"{{\"n\":{n}}}")}})
                    """));
                foreach (var subscription in (long[])[first, second])
                {
                    connection.Run(string.Create(CultureInfo.InvariantCulture, $"""
                        INSERT INTO delivery (id, message_id, state, due_at, lease_token, created_at)
                        SELECT {DeliveryId.Of(n, subscription)}, max(id), 'in_flight', 253402300799000, 1, 1000 FROM message
                        """));
                }
            }

            connection.Run("UPDATE delivery SET state = 'delivered', due_at = NULL, lease_token = NULL, finished_at = 2000, attempts = 1 WHERE id = (SELECT min(id) FROM delivery)");
            connection.Run($"""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, status, url, answer_type, answer)
                SELECT min(id), 1, 1500, 12, 'Succeeded', 200, 'https://a.example.org/hook', 'text/plain', {TestDatabase.Bytes("ok")} FROM delivery
                """);
            return 0;
        });
        using var all = await JsonAsync("/api/webhooks/deliveries");
        return [.. all.RootElement.GetProperty("deliveries").EnumerateArray().Select(each => each.GetProperty("id").GetInt64())];
    }

    private async Task<int> CountAsync(string query)
    {
        using var json = await JsonAsync($"/api/webhooks/deliveries?{query}");
        return json.RootElement.GetProperty("deliveries").GetArrayLength();
    }

    private async Task<JsonDocument> JsonAsync(string path, string user = "admin") => JsonDocument.Parse(await TextAsync(path, user));

    private async Task<string> TextAsync(string path, string user = "admin")
    {
        using var response = await GetAsync(path, user);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? user) => SendAsync(HttpMethod.Get, path, user);

    private Task<HttpResponseMessage> PostAsync(string path, string user) => SendAsync(HttpMethod.Post, path, user);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }
}
