using System.Text.Json;
using System.Text.Json.Serialization;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Api;

/// <summary>An error of the management API as problem details (RFC 9457). The detail says what is wrong and what to do.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    /// <summary>What is wrong in the settings that were sent, all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FaultView>? Faults { get; init; }

    public static Problem NotSignedIn { get; } = Of(401, "Not signed in", "Send an API key in the header Authorization or X-Api-Key.");

    public static Problem Of(int status, string title, string detail) =>
        new($"https://www.rfc-editor.org/rfc/rfc9110#section-15.{status / 100}", title, status, detail);

    public static Problem BadRequest(string detail) => Of(400, "Request not understood", detail);

    public static Problem Forbidden(string detail) => Of(403, "Not allowed", detail);

    public static Problem NotFound(string detail) => Of(404, "Not found", detail);

    /// <summary>Writes it as the answer.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(context.Response.Body, this, ApiJson.Readable.Problem, context.RequestAborted);
    }
}

/// <summary>Something that is wrong in settings.</summary>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Place">Where, within the settings.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record FaultView(string Severity, string Place, string Message, string Remedy)
{
    public static FaultView From(PluginFault fault) => new(fault.Severity == FaultSeverity.Error ? "error" : "warning", fault.Place, fault.Message, fault.Remedy);
}
