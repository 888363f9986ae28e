using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.Tests.Api;

/// <summary>The description of the management API names what is mapped, no more and no less.</summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;
    private JsonNode _document = null!;

    public async Task InitializeAsync()
    {
        _plugin = await TestPlugin.StartAsync(_folder.With("{}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/webhooks/openapi.json");
        request.Headers.Add("X-User", "viewer");
        _document = JsonNode.Parse(await (await _plugin.Client.SendAsync(request)).Content.ReadAsStringAsync())!;
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Every_mapped_route_is_described_and_every_described_one_is_mapped()
    {
        var mapped = _plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/webhooks/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method.ToLowerInvariant()} {endpoint.RoutePattern.RawText!.Replace("{**", "{")}"));
        var described = _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}"));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_ids_are_unique()
    {
        var references = Nodes(_document).Where(each => each.Key == "$ref").Select(each => each.Value!.GetValue<string>()).Distinct().ToArray();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            JsonNode? found = _document;
            foreach (var part in reference.Split('/').Skip(1))
                found = found?[part];
            Assert.True(found is JsonObject { Count: > 0 }, reference);
        }
        var ids = Nodes(_document["paths"]!).Where(each => each.Key == "operationId").Select(each => each.Value!.GetValue<string>()).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void The_kinds_of_replays_are_those_there_are()
    {
        var which = _document["paths"]!["/api/webhooks/subscriptions/{id}/replay"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!["which"]!["enum"]!;
        Assert.Equal(Enum.GetValues<ReplayWhich>().Select(ReplayNames.Of).Order(StringComparer.Ordinal), which.AsArray().Select(each => each!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Nodes(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [member] : Nodes(member.Value).Prepend(member)),
        JsonArray items => items.SelectMany(item => item is null ? [] : Nodes(item)),
        _ => [],
    };
}
