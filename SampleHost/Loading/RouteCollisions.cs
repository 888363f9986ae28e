using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace SampleHost.Loading;

/// <summary>Finds endpoints that routing could not tell apart: it would answer every request for them with an error.</summary>
internal static class RouteCollisions
{
    /// <summary>The first endpoint that collides with one already there or with one of the same plugin, told in words; null for none.</summary>
    public static string? Find(IReadOnlyList<RouteEndpoint> added, IReadOnlyList<(string Owner, RouteEndpoint Endpoint)> present)
    {
        var taken = present.ToLookup(entry => KeyOf(entry.Endpoint));
        var names = present
            .Select(entry => (entry.Owner, Name: NameOf(entry.Endpoint)))
            .Where(entry => entry.Name is not null)
            .ToLookup(entry => entry.Name, entry => entry.Owner, StringComparer.Ordinal);
        var own = new List<RouteEndpoint>();
        foreach (var endpoint in added)
        {
            var owner = taken[KeyOf(endpoint)].Where(entry => MethodsMeet(entry.Endpoint, endpoint)).Select(entry => entry.Owner).FirstOrDefault()
                ?? (own.Any(other => KeyOf(other) == KeyOf(endpoint) && MethodsMeet(other, endpoint)) ? "the plugin itself" : null);
            if (owner is not null)
                return $"The endpoint \"{Describe(endpoint)}\" is already answered by {owner}.";
            var name = NameOf(endpoint);
            if (name is not null && (names[name].FirstOrDefault() ?? (own.Any(other => NameOf(other) == name) ? "the plugin itself" : null)) is { } holder)
                return $"The endpoint name \"{name}\" is already used by {holder}.";
            own.Add(endpoint);
        }

        return null;
    }

    private static string? NameOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;

    private static string Describe(RouteEndpoint endpoint)
    {
        var methods = MethodsOf(endpoint);
        var path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
        return methods.Count == 0 ? path : $"{string.Join(", ", methods)} {path}";
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    /// <summary>Routing prefers an endpoint for certain methods over one for all, so only like meets like.</summary>
    private static bool MethodsMeet(RouteEndpoint one, RouteEndpoint other)
    {
        var (a, b) = (MethodsOf(one), MethodsOf(other));
        return a.Count == 0 || b.Count == 0 ? a.Count == b.Count : a.Intersect(b, StringComparer.OrdinalIgnoreCase).Any();
    }

    /// <summary>The pattern without the parameters' names, which routing does not tell apart.</summary>
    private static string KeyOf(RouteEndpoint endpoint) =>
        endpoint.Order + "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(
            segment => string.Concat(segment.Parts.Select(part => KeyOf(part, endpoint.RoutePattern)))));

    private static string KeyOf(RoutePatternPart part, RoutePattern pattern) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => (parameter.IsCatchAll ? "{*" : "{") + ConstraintsOf(parameter.Name, pattern) + "}",
        _ => "",
    };

    private static string ConstraintsOf(string parameter, RoutePattern pattern) =>
        pattern.ParameterPolicies.TryGetValue(parameter, out var policies)
            ? string.Join(':', policies.Select(policy => policy.Content ?? policy.ParameterPolicy?.GetType().Name).Order(StringComparer.Ordinal))
            : "";
}
