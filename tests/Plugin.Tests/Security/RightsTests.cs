using System.Net;

namespace Plugin.Tests.Security;

/// <summary>Who may call what, for every endpoint there is: a new one is asked in the same way, or says here why it differs.</summary>
public sealed class RightsTests
{
    private static readonly string?[] Users = [null, "viewer", "editor", "other", "owner", "boss"];

    /// <summary>What an address in braces belongs to decides; then where it stands.</summary>
    private static readonly (string Prefix, string Expected)[] Rules =
    [
        // Nobody, viewer, editor, another administrator, the owner, a system administrator.
        ("/plugins/ApiWebhooks/assets/", "ok ok ok ok ok ok"), // style, no data
        ("/plugins/ApiWebhooks/events", "401 ok ok ok ok ok"), // the catalogue, documentation
        ("/api/webhooks/event-types", "401 ok ok ok ok ok"),
        ("/api/webhooks/openapi.json", "401 ok ok ok ok ok"),
        ("/api/webhooks/docuteam/predicates", "401 ok ok ok ok ok"),
        ("/api/webhooks/presses/{", "401 404 404 404 404 404"),
        ("/plugins/ApiWebhooks/buttons/presses/{", "401 404 404 404 404 404"), // no press has this key
        ("/plugins/ApiWebhooks/buttons/presses", "401 403 403 ok ok ok"), // without a record that one may edit
        ("/plugins/ApiWebhooks/records/{", "401 ? ? ok ok ok"),
        ("/api/webhooks/records/{", "401 ? ? ok ok ok"),
        ("/api/webhooks/subscriptions/{id}/restore", "401 403 403 404 404 404"), // nothing was deleted
        ("/plugins/ApiWebhooks/subscriptions/{id}/restore", "401 403 403 ok ok ok"), // a word on the list
        ("/plugins/ApiWebhooks/overview/resume", "401 403 403 404 404 404"), // no subscription is named
        ("/plugins/ApiWebhooks/subscriptions/{", "401 403 403 404 ok ok"),
        ("/plugins/ApiWebhooks/deliveries/{", "401 403 403 404 ok ok"),
        ("/plugins/ApiWebhooks/replays/{", "401 403 403 404 ok ok"),
        ("/api/webhooks/subscriptions/{", "401 403 403 404 ok ok"),
        ("/api/webhooks/deliveries/{", "401 403 403 404 ok ok"),
        ("/api/webhooks/replays/{", "401 403 403 404 ok ok"),
        ("/plugins/ApiWebhooks/", "401 403 403 ok ok ok"),
        ("/api/webhooks/", "401 403 403 ok ok ok"),
        // Phraseanet: whoever is signed in has applications; administrators tend those of all, without what one could act for the owner with.
        ("/developers/application/{id}/secret", "401 404 404 403 ok 403"),
        ("/developers/application/{id}/callback", "401 404 404 403 ok 403"),
        ("/developers/application/{", "401 404 404 ok ok ok"),
        ("/developers/consent/{", "401 404 404 404 404 404"), // nobody consented
        ("/developers/", "401 ok ok ok ok ok"),
        // Contensis: its rights go by role and not by person.
        ("/api/management/projects/{project}/security/permissions/webhookSubscriptions/{id}/actions/", "401 404 404 ok ok ok"),
        ("/api/management/projects/{project}/security/permissions/webhookSubscriptions/{", "401 ok ok ok ok ok"),
        ("/api/management/projects/{project}/security/permissions/webhookSubscriptions/actions/", "401 404 404 ok ok ok"),
        ("/api/management/projects/{project}/security/permissions/webhookSubscriptions", "401 ok ok ok ok ok"),
        ("/api/management/projects/{project}/events/sse/stream", "401 ok ok ok ok ok"), // each is told what he may see
        ("/api/management/", "401 403 403 ok ok ok"),
        // CKAN: with minimumAuth none everybody has webhooks of his own.
        ("/api/action/", "403 ok ok ok ok ok"),
        ("/api/3/action/", "403 ok ok ok ok ok"),
        // Programs introduce themselves by their own secrets; the page asks for the parameters first.
        ("/api/oauthv2/", "? ? ? ? ? ?"),
        ("/authenticate/connect/token", "? ? ? ? ? ?"),
    ];

    [Fact]
    public async Task Every_endpoint_lets_through_who_may_and_nobody_else()
    {
        await using var every = await EveryEndpoint.StartAsync();
        Assert.True(every.All.Count > 50);
        var wrong = new List<string>();
        foreach (var call in every.All)
        {
            var rule = Rules.FirstOrDefault(rule => call.Route.StartsWith(rule.Prefix, StringComparison.Ordinal));
            if (rule.Expected is null)
            {
                wrong.Add($"{call}: nobody has said who may.");
                continue;
            }
            foreach (var (user, expected) in Users.Zip(rule.Expected.Split(' ')))
            {
                using var answer = await every.SendAsync(call, user, asForm: call.Route.StartsWith("/plugins/", StringComparison.Ordinal));
                var status = (int)answer.StatusCode;
                var isOk = status is not (401 or 403 or 404) && status < 500;
                if (expected == "?" ? status >= 500 : expected == "ok" ? !isOk : status.ToString(System.Globalization.CultureInfo.InvariantCulture) != expected)
                    wrong.Add($"{call} as {user ?? "nobody"}: {status} instead of {expected}");
                if (EveryEndpoint.Deletes(call) && status < 400)
                    await every.FillAsync();
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Nothing_of_anothers_stands_in_what_one_may_read_and_who_may_not_changes_nothing()
    {
        await using var every = await EveryEndpoint.StartAsync();
        var before = (await every.JsonAsync("owner", "GET", every.PathOf("/api/webhooks/subscriptions/{id}"))).ToJsonString();
        var shown = new List<string>();
        foreach (var call in every.All.Where(call => call.Route.StartsWith("/plugins/", StringComparison.Ordinal) || call.Route.StartsWith("/api/webhooks/", StringComparison.Ordinal)))
        {
            foreach (var user in Users.Take(4))
            {
                using var answer = await every.SendAsync(call, user, asForm: call.Route.StartsWith("/plugins/", StringComparison.Ordinal));
                if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
                    continue; // It ends when the plugin does.
                if ((await answer.Content.ReadAsStringAsync()).Contains(EveryEndpoint.Label, StringComparison.Ordinal))
                    shown.Add($"{call} as {user ?? "nobody"}");
            }
        }
        Assert.Empty(shown);
        Assert.Equal(before, (await every.JsonAsync("owner", "GET", every.PathOf("/api/webhooks/subscriptions/{id}"))).ToJsonString());
        var acts = (await every.JsonAsync("boss", "GET", "/api/webhooks/audit?limit=500"))["entries"]!.AsArray();
        Assert.All(acts, act => Assert.True(act!["owner"]?.ToString() != "owner" || act["user"]!.ToString() == "owner", act.ToJsonString()));
    }

    [Fact]
    public async Task A_cookie_alone_changes_nothing_anywhere()
    {
        await using var every = await EveryEndpoint.StartAsync();
        every.Host.Users["owner"] = every.Host.Users["owner"] with { ApiKeyName = null };
        var taken = new List<string>();
        foreach (var call in every.All.Where(call => call.Method is not ("GET" or "HEAD")))
        {
            foreach (var asForm in (bool[])[true, false])
            {
                using var answer = await every.SendAsync(call, "owner", asForm);
                // Token endpoints look at no cookie: programs name themselves in the request. Some pages lead back with a word that it is to be sent again.
                var isAskedAgain = answer.StatusCode == HttpStatusCode.SeeOther && answer.Headers.Location!.ToString().Contains("notice=again", StringComparison.Ordinal);
                if (!isAskedAgain && answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized))
                    taken.Add($"{call} ({(asForm ? "form" : "JSON")}): {(int)answer.StatusCode}");
            }
        }
        Assert.True(taken.Count == 0, string.Join('\n', taken));
        // Making the scene was all that was done.
        var acts = (await every.JsonAsync("boss", "GET", "/api/webhooks/audit?limit=500"))["entries"]!.AsArray();
        Assert.Equal(["application.create", "replay.start", "subscription.create"], acts.Select(act => act!["act"]!.ToString()).Order());
    }
}
