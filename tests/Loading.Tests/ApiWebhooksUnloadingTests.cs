using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dam.Hosting;
using SampleHost.Loading;
using SampleHost.Pages.Record;

namespace Loading.Tests;

/// <summary>The product itself keeps to the rules of unloading, with all of its parts at work, those of native libraries too.</summary>
public sealed class ApiWebhooksUnloadingTests
{
    private const int Cycles = 20;
    private const int CyclesBetweenPages = 5;

    [Fact]
    public async Task ApiWebhooks_is_loaded_and_unloaded_twenty_times_with_presses_and_deliveries_and_no_context_stays()
    {
        using var certificate = MakeCertificate();
        await using var receiver = await Receiver.StartAsync();
        await using var secure = await Receiver.StartAsync(certificate);
        await using var host = await new PluginHost(withAccounts: true).StartAsync();
        var config = ConfigFor(receiver, secure, WritePem(certificate, host.DataDirectory));
        var contexts = new LoadContexts();
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var version = $"0.1.{cycle}";
            var folder = host.Put("Plugin.ApiWebhooks", "ApiWebhooks", manifest => manifest["version"] = version, config);
            var listing = await host.WaitForAsync("ApiWebhooks", PluginState.Running);
            Assert.Empty(listing!.Faults);
            contexts.Add("ApiWebhooks", version);
            await UseAsync(host, receiver, secure, cycle);
            // Left open: it ends with the plugin.
            using var stream = await OpenStreamAsync(host);

            Directory.Delete(folder, recursive: true);
            await host.WaitForGoneAsync("ApiWebhooks");
            Assert.DoesNotContain("data:", await ReadToEndAsync(stream), StringComparison.Ordinal);
        }

        Assert.Equal((Cycles, 0), (contexts.Count, contexts.CountAlive()));
    }

    /// <summary>Presses the button and makes a change, each of which must arrive.</summary>
    private static async Task UseAsync(PluginHost host, Receiver receiver, Receiver secure, int cycle)
    {
        var title = $"Change number {cycle}.";
        using var inserted = await host.Editor.PostAsJsonAsync("/api/records", new { title });
        var answer = await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/events", title);
        await secure.WaitForAsync("/secure", title);

        var id = answer.GetProperty("id").GetInt64();
        await PressAsync(host, id, $"press-{cycle}");
        await receiver.WaitForAsync("/press", id.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("Secure", await host.Admin.GetStringAsync("/plugins/ApiWebhooks/"), StringComparison.Ordinal);
        Assert.Contains("deliveries", await host.Admin.GetStringAsync("/api/webhooks/deliveries"), StringComparison.Ordinal);
        // Each page is compiled anew in each cycle, which takes seconds; what holds a context shows in one as well as in twenty.
        if (cycle % CyclesBetweenPages == 0)
            await LookAroundAsync(host, id);
    }

    private static async Task LookAroundAsync(PluginHost host, long id)
    {
        Assert.Contains("Fetch", await host.Admin.GetStringAsync("/plugins/ApiWebhooks/buttons"), StringComparison.Ordinal);
        Assert.Contains("additionalMetadata[0].predicate", await host.Admin.GetStringAsync("/plugins/ApiWebhooks/subscriptions/new?dialect=docuteam"), StringComparison.Ordinal);
        Assert.Contains("openapi", await host.Admin.GetStringAsync("/api/webhooks/openapi.json"), StringComparison.Ordinal);
        Assert.Contains("schema", await host.Admin.GetStringAsync("/api/webhooks/event-types/docuteam/box%20insert%20operation"), StringComparison.Ordinal);
        Assert.Contains("import-text", await host.Admin.GetStringAsync("/plugins/ApiWebhooks/import-buttons"), StringComparison.Ordinal);
        using var php = new StringContent("$api_webhooks_urls = [['url' => 'https://cms.example.org/?id=']];");
        using var imported = await host.Admin.PostAsync("/api/webhooks/buttons/import", php);
        Assert.Equal("https://cms.example.org/?id=", (await Answer.JsonAsync(imported, 200)).GetProperty("buttons")[0].GetProperty("url").GetString());
        await LookAsync(host, id);
        await RegisterAsync(host);
    }

    // The panel that the host draws, and pages of buttons, presses and replays with something in them.
    private static async Task LookAsync(PluginHost host, long recordId)
    {
        var record = await host.Get<IRecordReader>().FindAsync(recordId, CancellationToken.None);
        var user = new HostUser { Name = "admin", DisplayName = "Admin", Language = "en", Roles = new HashSet<string> { "admin", "editor", "viewer" } };
        Assert.Contains("Notice créée", await DrawPanelAsync(host, new RecordPageContext(record!, user, "fr")), StringComparison.Ordinal);
        using var replay = await host.Admin.PostAsync("/plugins/ApiWebhooks/replays/new", new FormUrlEncodedContent([new("subscription", "all"), new("which", "all"), new("do", "count")]));
        Assert.Equal(HttpStatusCode.SeeOther, replay.StatusCode);
        foreach (var path in new[] { "/buttons?record=1&role=editor", "/buttons/presses", "/replays", "/replays/1", replay.Headers.Location!.OriginalString["/plugins/ApiWebhooks".Length..] })
            Assert.Contains("webhooks-nav", await host.Admin.GetStringAsync("/plugins/ApiWebhooks" + path), StringComparison.Ordinal);
    }

    // A page waits a second for its panels, and the first time the code of this one is compiled.
    private static async Task<string> DrawPanelAsync(PluginHost host, RecordPageContext page)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var panel = Assert.Single(await host.Get<RecordPanels>().ListAsync(page, tellsMissing: true));
            if (panel.Html is { } html)
                return html;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    // Tokens and the pages of applications, drawn with everything that such a page can show.
    private static async Task RegisterAsync(PluginHost host)
    {
        using var registered = await host.Admin.PostAsync("/developers/application/", new FormUrlEncodedContent([new("name", "Unloaded"), new("callback", "https://app.example.org/")]));
        var made = await Answer.JsonAsync(registered, 201);
        var (path, clientId) = ($"/developers/application/{made.GetProperty("application").GetProperty("id").GetInt64()}/", made.GetProperty("application").GetProperty("client_id").GetString()!);
        using var saved = await host.Admin.PostAsync(path + "webhook/", new FormUrlEncodedContent([new("webhook", "https://receiver.example.org/")]));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        using var page = new HttpRequestMessage(HttpMethod.Get, path);
        page.Headers.Accept.ParseAdd("text/html");
        using var shown = await host.Admin.SendAsync(page);
        Assert.Contains("listened-events", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var issued = await host.Client.PostAsync(
            "/api/oauthv2/token", new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", clientId), new("client_secret", made.GetProperty("client_secret").GetString()!)]));
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.Authorization = new("Bearer", (await Answer.JsonAsync(issued, 200)).GetProperty("access_token").GetString());
        using var refused = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var deleted = await host.Admin.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    /// <summary>A stream of Contensis' dialect, and a subscription that is made and deleted beside it.</summary>
    private static async Task<HttpResponseMessage> OpenStreamAsync(PluginHost host)
    {
        const string Events = "/api/management/projects/website/events";
        using var body = JsonContent.Create(new { topics = new[] { new { resourceType = "entry" } }, templates = new { entry = "{/resource/}" }, url = "https://a.example.org/{/resource/sys/id}" });
        await body.LoadIntoBufferAsync();
        using var made = await host.Admin.PostAsync($"{Events}/webhooks/subscriptions", body);
        var id = (await Answer.JsonAsync(made, 201)).GetProperty("id").GetGuid();
        using var deleted = await host.Admin.DeleteAsync($"{Events}/webhooks/subscriptions/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Events}/sse/stream") { Content = JsonContent.Create(new { topics = new[] { new { resourceType = "user" } } }) };
        var stream = await host.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        return stream;
    }

    private static async Task<string> ReadToEndAsync(HttpResponseMessage stream)
    {
        try
        {
            return await stream.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            return ""; // Cut off, which is an end too.
        }
    }

    private static async Task PressAsync(PluginHost host, long recordId, string pressKey)
    {
        var record = await host.Get<IRecordReader>().FindAsync(recordId, CancellationToken.None);
        var user = new HostUser { Name = "editor", DisplayName = "Editor", Language = "en", Roles = new HashSet<string> { "editor", "viewer" } };
        using var use = host.Registry.Use<IEditPageContributor>();
        var (_, contributor) = Assert.Single(use.Items);
        var page = new EditPageContext(record!, user, EditPageContext.EditLocation, "en", "en");
        var button = Assert.Single(contributor.GetButtons(page));
        var outcome = await contributor.PressAsync(
            new ButtonPress { ButtonKey = button.Key, PressKey = pressKey, Page = page, PressedAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        Assert.IsType<PressOutcome.Succeeded>(outcome);
    }

    // Its own authority, and good for both sides.
    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static string WritePem(X509Certificate2 certificate, string folder)
    {
        var path = Path.Combine(folder, "receiver.pem");
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return JsonEncodedText.Encode(path).ToString();
    }

    private static string ConfigFor(Receiver receiver, Receiver secure, string path) => $$"""
        {
          "buttons": [{ "location": "edit", "buttontext": "Fetch", "url": "{{receiver.Url}}/press?id={id}" }],
          "hooks": [{ "label": "All", "url": "{{receiver.Url}}/events", "signing": "both" },
                    { "label": "Secure", "url": "{{secure.Url}}/secure", "caFile": "{{path}}", "clientCertificateFile": "{{path}}" }],
          "network": { "allow": ["{{new Uri(receiver.Url).Authority}}", "{{new Uri(secure.Url).Authority}}"] }
        }
        """;
}
