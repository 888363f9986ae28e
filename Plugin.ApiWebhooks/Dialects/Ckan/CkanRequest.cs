using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>Reads what an action is given.</summary>
internal static class CkanRequest
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads the query of a GET, or the body of a POST.</summary>
    /// <returns>The object, or what is wrong with the request, in CKAN's words.</returns>
    public static async Task<(JsonElement Data, string? Fault)> ReadAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method))
            return (ToObject(request.Query.Select(each => KeyValuePair.Create(each.Key, each.Value.ToString()))), null);
        if (request.HasFormContentType && request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return await ReadFormAsync(request).ConfigureAwait(false);
        var body = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted).ConfigureAwait(false);
        if (length > MostBytes)
            return (default, "JSON Error: the body is too long");
        return Parse(Encoding.UTF8.GetString(body, 0, length).TrimStart('\uFEFF'), request.HasFormContentType);
    }

    // curl sends JSON under the content type of a form unless told otherwise, and some clients then escape it, or put a "=" behind it.
    private static (JsonElement Data, string? Fault) Parse(string text, bool isForm)
    {
        var fault = "";
        string[] readings = isForm ? [text, WebUtility.UrlDecode(text).TrimEnd('=')] : [text];
        foreach (var reading in readings)
        {
            try
            {
                using var document = JsonDocument.Parse(reading);
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? (document.RootElement.Clone(), null)
                    : (default, $"Bad request data: Request data JSON decoded to {document.RootElement.GetRawText()} but it needs to be a dictionary.");
            }
            catch (JsonException exception)
            {
                fault = exception.Message;
            }
        }
        if (text.Length == 0)
            return (default, "Bad request data: Request data JSON decoded to '' but it needs to be a dictionary.");
        return isForm && text.Contains('=', StringComparison.Ordinal)
            ? (ToObject(text.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair.ElementAtOrDefault(1) ?? "")))), null)
            : (default, $"JSON Error: Error decoding JSON data. {fault}");
    }

    private static async Task<(JsonElement Data, string? Fault)> ReadFormAsync(HttpRequest request)
    {
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            return (ToObject(form.Select(each => KeyValuePair.Create(each.Key, each.Value.ToString()))), null);
        }
        catch (InvalidDataException exception)
        {
            return (default, $"JSON Error: {exception.Message}");
        }
    }

    private static JsonElement ToObject(IEnumerable<KeyValuePair<string, string>> values)
    {
        var data = new JsonObject();
        foreach (var (name, value) in values)
            data[name] = value;
        using var document = JsonDocument.Parse(data.ToJsonString());
        return document.RootElement.Clone();
    }
}
