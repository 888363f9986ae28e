using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">Its place in the body, such as <c>topics[0].event[0]</c>.</param>
/// <param name="Message">What is wrong, and what to do.</param>
internal sealed record FieldError(string Field, string Message);

/// <summary>An error as Contensis' APIs write it: <c>{logId, message, data, type}</c>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Fields">The fields that were refused; for status 422.</param>
internal sealed record ContensisError(int Status, string Message, IReadOnlyList<FieldError>? Fields = null)
{
    public static ContensisError NotSignedIn { get; } = new(401, "The request names no user. Send an API key or an access token in the header Authorization.");

    public static ContensisError Forbidden(string action) =>
        new(403, $"The action {action} on webhook subscriptions takes the role admin.");

    public static ContensisError NotMeant { get; } = new(
        400, "A request that is signed in by cookie must carry the page's antiforgery token in the header RequestVerificationToken. Programs send an API key or an access token instead.");

    public static ContensisError NoSubscription(string id) => new(404, $"There is no webhook subscription {id} in this project.");

    public static ContensisError Invalid(IReadOnlyList<FieldError> fields) => new(422, "The webhook subscription is not valid.", fields);

    public static ContensisError Invalid(string field, string message) => Invalid([new FieldError(field, message)]);

    /// <summary>Writes it as the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="logId">Stands in the log beside the details.</param>
    public async Task WriteAsync(HttpContext context, Guid logId)
    {
        context.Response.StatusCode = Status;
        if (Status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        await ContensisAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("logId"u8, logId);
            json.WriteString("message"u8, Message);
            if (Fields is null)
                json.WriteNull("data"u8);
            else
                WriteFields(json, Fields);
            json.WriteString("type"u8, Fields is null ? "error" : "Validation");
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<FieldError> fields)
    {
        json.WriteStartArray("data"u8);
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("field"u8, field.Field);
            json.WriteString("message"u8, field.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>Writes JSON answers.</summary>
internal static class ContensisAnswer
{
    /// <summary>Writes a body.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var body = MessageJson.Write(write);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
