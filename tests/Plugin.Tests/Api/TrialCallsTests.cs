using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Api;

/// <summary>Subscriptions are tried: really, with the whole exchange answered, or in a preview that sends nothing.</summary>
public sealed class TrialCallsTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _folder.With($$"""
            {
              "hooks": [
                { "label": "Plain", "url": "{{_receiver.Url}}/plain?key=planted-in-the-url1", "headers": { "X-Site-Token": "planted-header" }, "filter": { "types": ["map"] } },
                { "label": "Feeder", "dialect": "docuteam", "operation": "change-metadata", "token": "planted-token", "tokenHeader": "X-Feeder", "url": "{{_receiver.Url}}/feeder",
                  "additionalMetadata": [{ "fieldLabel": "title", "predicate": "rico:title" }] }
              ],
              "network": { "allow": ["127.0.0.0/8"] }
            }
            """);
        _plugin = await TestPlugin.StartAsync(_folder);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_test_is_really_sent_and_answered_with_the_whole_exchange_and_the_queue_knows_nothing_of_it()
    {
        _receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 202;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("Taken with planted-header and planted-in-the-url1.");
        };
        var (status, view) = await PostAsync("/api/webhooks/subscriptions/plain/test", "{}");
        Assert.Equal(HttpStatusCode.OK, status);
        var sent = Assert.Single(_receiver.All);
        Assert.Equal("true", sent.Headers["webhook-test"].ToString());
        Assert.Equal("planted-header", sent.Headers["X-Site-Token"].ToString());
        Assert.True(view["succeeded"]!.GetValue<bool>());
        Assert.Equal(202, view["answer"]!["status"]!.GetValue<int>());
        Assert.Equal("Taken with *** and ***.", view["answer"]!["body"]!.GetValue<string>());
        Assert.Equal(Encoding.UTF8.GetString(sent.Body), view["request"]!["body"]!.GetValue<string>());
        Assert.Equal($"{_receiver.Url}/plain?key=***", view["request"]!["url"]!.GetValue<string>());
        Assert.Equal("***", HeaderOf(view, "X-Site-Token"));
        Assert.Equal(sent.Headers["webhook-signature"].ToString(), HeaderOf(view, "webhook-signature"));
        Assert.False(view["passesFilter"]!.GetValue<bool>());
        Assert.DoesNotContain("planted", view.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("{\"deliveries\":[],\"next\":null}", await GetAsync("/api/webhooks/deliveries"));
        // Its signature is that of a real message.
        var secret = _plugin.Settings.Current.Hooks[0].Secret!;
        Assert.Equal(sent.Headers["webhook-signature"].ToString(), StandardSignature.Sign(sent.Id, long.Parse(sent.Headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture), sent.Body, secret));
    }

    [Fact]
    public async Task An_event_of_a_chosen_record_is_sent_in_the_words_of_the_dialect()
    {
        var (status, view) = await PostAsync("/api/webhooks/subscriptions/feeder/test", """{ "recordId": 13 }""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("box change metadata interface", view["event"]!.GetValue<string>());
        Assert.False(view["isExample"]!.GetValue<bool>());
        var body = JsonNode.Parse(Assert.Single(_receiver.All).Body)!;
        Assert.Equal(("CH-00001-X:13", "admin"), (body["pid"]!.GetValue<string>(), body["box_user_name"]!.GetValue<string>()));
        Assert.Equal("planted-token", _receiver.All[0].Headers["X-Feeder"].ToString());
        Assert.Equal("***", HeaderOf(view, "X-Feeder"));
    }

    [Fact]
    public async Task A_failing_receiver_is_told_with_advice_and_nothing_is_tried_again()
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        var (status, view) = await PostAsync("/api/webhooks/subscriptions/plain/test", """{ "event": "record.deleted" }""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(view["succeeded"]!.GetValue<bool>());
        Assert.NotEmpty(view["advice"]!.GetValue<string>());
        Assert.Equal("record.deleted", JsonNode.Parse(Assert.Single(_receiver.All).Body)!["type"]!.GetValue<string>());
        Assert.Equal("active", JsonNode.Parse(await GetAsync("/api/webhooks/subscriptions/plain"))!["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("plain", """{ "event": "record.insertd" }""", HttpStatusCode.UnprocessableEntity, "record.inserted")]
    [InlineData("feeder", """{ "event": "record.deleted" }""", HttpStatusCode.UnprocessableEntity, "wants no such event")]
    [InlineData("plain", """{ "recordId": 4711 }""", HttpStatusCode.UnprocessableEntity, "no record 4711")]
    [InlineData("plain", """{ "recordid": 13 }""", HttpStatusCode.BadRequest, "recordId")]
    [InlineData("plain", """{ "recordId": "13" }""", HttpStatusCode.BadRequest, "whole number")]
    [InlineData("missing", "{}", HttpStatusCode.NotFound, "missing")]
    public async Task What_cannot_be_tried_is_told(string name, string body, HttpStatusCode expected, string words)
    {
        var (status, problem) = await PostAsync($"/api/webhooks/subscriptions/{name}/test", body);
        Assert.Equal(expected, status);
        Assert.Contains(words, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task A_preview_shows_exactly_what_would_be_sent_and_sends_nothing()
    {
        var (status, view) = await PostAsync("/api/webhooks/preview", $$"""
            {
              "hook": {
                "label": "New", "dialect": "docuteam", "operation": "insert", "token": "planted-token", "url": "{{_receiver.Url}}/events?tenant=main",
                "additionalMetadata": [{ "fieldLabel": "title", "predicate": "rico:title", "includePreviousValues": true }]
              },
              "recordId": 13
            }
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(view["faults"]!.AsArray());
        Assert.Equal("""{"source":"http://127.0.0.1:5080","event_type":"box insert operation","api_key_name":"catalogue-import","root_node_pid":"CH-00001-X:13","sip_name":"A record","title_is":null,"title_was":null}""", view["request"]!["body"]!.GetValue<string>());
        Assert.Equal($"{_receiver.Url}/events?tenant=main", view["request"]!["url"]!.GetValue<string>());
        Assert.Equal("***", HeaderOf(view, "X-Auth-Token"));
        Assert.Equal("v1", view["signature"]!["form"]!.GetValue<string>());
        Assert.DoesNotContain("planted", view.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task A_preview_of_faulty_settings_names_the_faults_and_one_without_an_event_the_obstacle()
    {
        var (_, view) = await PostAsync("/api/webhooks/preview", """{ "hook": { "label": "New", "url": "ftp://x", "payload": "thin", "dialect": "docuteam" } }""");
        Assert.Equal(["operation", "payload", "url"], view["faults"]!.AsArray().Select(fault => fault!["place"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Null(view["request"]);
        (_, view) = await PostAsync("/api/webhooks/preview", """{ "hook": { "label": "New", "url": "https://a.example.org/", "events": ["webhooks.*"] } }""");
        Assert.Contains("wants no such event", view["obstacle"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/webhooks/preview", """{ "hok": {} }""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/webhooks/preview", "{}")).Status);
    }

    [Fact]
    public async Task Docuteams_predicates_are_listed_by_name()
    {
        var list = JsonNode.Parse(await GetAsync("/api/webhooks/docuteam/predicates"))!;
        Assert.Contains(list["predicates"]!.AsArray(), term => term!["prefixedName"]!.GetValue<string>() == "rico:scopeAndContent");
        Assert.NotEmpty(list["categories"]!.AsArray());
    }

    private static string HeaderOf(JsonNode view, string name) =>
        view["request"]!["headers"]!.AsArray().Single(header => header!["name"]!.GetValue<string>() == name)!["value"]!.GetValue<string>();

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-User", "admin");
        using var answer = await _plugin.Client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private async Task<string> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", "admin");
        using var answer = await _plugin.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
