using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>The parameters of a request in the way of RFC 6749: no parameter twice, and one without a value counts as left out (section 3.1).</summary>
internal sealed class OAuthForm
{
    private const int MostBytes = 64 * 1024;

    private static readonly FormOptions Limits = new() { ValueCountLimit = 50, KeyLengthLimit = 100, ValueLengthLimit = 8 * 1024, BufferBodyLengthLimit = MostBytes };

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private OAuthForm(IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        foreach (var (name, values) in parameters)
        {
            if (values.Count > 1)
                Repeated ??= name;
            if (values.Count > 0 && !string.IsNullOrEmpty(values[0]))
                _values[name] = values[0]!;
        }
    }

    /// <summary>A parameter that stands there more than once; null when none does.</summary>
    public string? Repeated { get; }

    /// <summary>A parameter's value, or null.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The parameters of the address.</summary>
    public static OAuthForm OfQuery(HttpRequest request) => new(request.Query);

    /// <summary>The parameters of a posted form; null when the body is none, or is too large.</summary>
    public static async Task<OAuthForm?> ReadAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            return new OAuthForm(await request.ReadFormAsync(Limits, request.HttpContext.RequestAborted).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null; // The caller answers that it is no form that can be read.
        }
    }
}
