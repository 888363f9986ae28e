using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// <c>POST /api/webhooks/buttons/import</c>: takes the PHP text of a ResourceSpace configuration, as <c>text/plain</c> or as <c>{"text":"…"}</c>, and
/// answers with the equivalent <c>buttons[]</c>. Nothing is stored, and nothing of the text is logged: its addresses may hold passwords.
/// </summary>
internal sealed class ImportCall(Gate gate) : IDoor
{
    private const string Path = "/api/webhooks/buttons/import";

    // JSON may need six bytes for a character.
    private const int MostBytes = 6 * ButtonImport.LongestText;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, gate.ForAdministrators(ImportAsync)).Audited(Acts.ImportButtons);

    private static async Task ImportAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (text, refusal) = await ReadTextAsync(context).ConfigureAwait(false);
        if (text is null)
        {
            await refusal!.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        switch (ButtonImport.Read(text))
        {
            case ImportResult.Imported imported:
                context.NoteAct(new AuditSubject("buttons"), $"{imported.Buttons.Count} of ResourceSpace");
                await ManagementApi.WriteAsync(context, new ImportAnswer(imported.Buttons, imported.Warnings), ImportJson.Readable.ImportAnswer).ConfigureAwait(false);
                break;
            case ImportResult.Refused refused:
                var problem = Problem.Of(422, "The text was not understood", Summarise(refused.Faults));
                context.Response.StatusCode = problem.Status;
                context.Response.ContentType = "application/problem+json";
                await JsonSerializer.SerializeAsync(
                    context.Response.Body, new ImportProblem(problem.Type, problem.Title, problem.Status, problem.Detail, refused.Faults),
                    ImportJson.Readable.ImportProblem, context.RequestAborted).ConfigureAwait(false);
                break;
        }
    }

    private static string Summarise(IReadOnlyList<ImportNote> faults)
    {
        var first = faults[0];
        var rest = faults.Count > 1 ? $" The other {faults.Count - 1} stand among the faults." : "";
        return $"Line {first.Line}, column {first.Column}: {first.Message} {first.Remedy}{rest}";
    }

    private static async Task<(string? Text, Problem? Refusal)> ReadTextAsync(HttpContext context)
    {
        var type = (context.Request.ContentType ?? "text/plain").Split(';')[0].Trim();
        var isJson = type.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return (null, Problem.Of(415, "Media type not supported", "Send the PHP text as text/plain, or as application/json: {\"text\":\"…\"}."));
        if (await ReadBytesAsync(context).ConfigureAwait(false) is not { } bytes)
            return (null, Problem.Of(413, "Too long", $"At most {ButtonImport.LongestText} characters are read. Send the part that sets $api_webhooks_urls."));
        try
        {
            return isJson ? FromJson(bytes) : (new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, Problem.BadRequest("The text is not UTF-8."));
        }
    }

    private static (string? Text, Problem? Refusal) FromJson(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? (text.GetString(), null)
                : (null, Problem.BadRequest("The body must be an object with the PHP text: {\"text\":\"…\"}."));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair as \ud800. Neither message is repeated: it may quote the text.
            return (null, Problem.BadRequest("The body is not JSON. Send {\"text\":\"…\"} with the PHP text, or the text itself as text/plain."));
        }
    }

    /// <returns>The body, or null when it is too long.</returns>
    private static async Task<byte[]?> ReadBytesAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        using var bytes = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return bytes.ToArray();
    }
}
