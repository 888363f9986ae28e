using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using SampleHost.Loading;

namespace Host.Tests.Loading;

public sealed class RouteCollisionsTests
{
    [Theory]
    [InlineData("GET", "/a/b", "GET", "/a/b")]
    [InlineData("GET", "/A/b", "GET", "a/B/")]
    [InlineData("GET", "/a/{id}", "GET", "/a/{other}")]
    [InlineData("GET", "/a/{id:int}", "GET", "/a/{number:int}")]
    [InlineData("GET", "/{**rest}", "GET", "/{**path}")]
    [InlineData("GET", "/a/{id}.png", "GET", "/a/{name}.png")]
    [InlineData(null, "/a", null, "/a")]
    [InlineData("POST", "/a", "GET,POST", "/a")]
    public void Routing_could_not_tell_them_apart(string? method, string path, string? otherMethod, string otherPath) =>
        Assert.Contains("already answered by the host", RouteCollisions.Find([Endpoint(method, path)], [("the host", Endpoint(otherMethod, otherPath))]), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", "/a", "POST", "/a")]
    [InlineData("GET", "/a", null, "/a")]
    [InlineData("GET", "/a/b", "GET", "/a/{id}")]
    [InlineData("GET", "/a/{id}", "GET", "/a/{id:int}")]
    [InlineData("GET", "/a/{id}", "GET", "/a/{**rest}")]
    [InlineData("GET", "/a/{id}", "GET", "/b/{id}")]
    [InlineData("GET", "/a", "GET", "/a/b")]
    public void Routing_tells_them_apart(string? method, string path, string? otherMethod, string otherPath) =>
        Assert.Null(RouteCollisions.Find([Endpoint(method, path)], [("the host", Endpoint(otherMethod, otherPath))]));

    [Fact]
    public void A_name_is_given_once() =>
        Assert.Equal(
            "The endpoint name \"Home\" is already used by plugin A.",
            RouteCollisions.Find([Endpoint("GET", "/b", "Home")], [("plugin A", Endpoint("GET", "/a", "Home"))]));

    private static RouteEndpoint Endpoint(string? methods, string path, string? name = null)
    {
        var builder = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse(path), order: 0);
        if (methods is not null)
            builder.Metadata.Add(new HttpMethodMetadata(methods.Split(',')));
        if (name is not null)
            builder.Metadata.Add(new EndpointNameMetadata(name));
        return (RouteEndpoint)builder.Build();
    }
}
