using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Clients;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>Whether it was done: Phraseanet's answer, with a reason added when it was not.</summary>
internal sealed record DoneAnswer(bool Success, string? Message = null)
{
    /// <summary>What is wrong with single fields, by their names in the form.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    /// <summary>A webhook's new signing secret.</summary>
    public string? HmacKey { get; init; }

    /// <summary>An application's new secret.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The application that was made.</summary>
    public ApplicationAnswer? Application { get; init; }
}

/// <summary>An application with its webhook.</summary>
internal sealed record ApplicationAnswer
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Website { get; init; }

    public required string Owner { get; init; }

    /// <summary><c>web</c> for one that keeps a secret, <c>desktop</c> for a public one.</summary>
    public required string Type { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? WebhookUrl { get; init; }

    public required bool WebhookActive { get; init; }

    public required IReadOnlyList<string> ListenedEvents { get; init; }

    public required string Format { get; init; }

    /// <summary>The last ten, newest first; left out where applications are listed.</summary>
    public IReadOnlyList<DeliveryLine>? Deliveries { get; init; }

    /// <summary>An application as it is shown.</summary>
    public static ApplicationAnswer From(ClientApplication application, WebhookState webhook, bool withDeliveries) => new()
    {
        Id = application.Id,
        Name = application.Name,
        Description = application.Description,
        Website = application.Website,
        Owner = application.Owner,
        Type = application.IsPublic ? "desktop" : "web",
        ClientId = application.ClientId,
        RedirectUri = application.RedirectUri,
        Created = application.CreatedAt,
        WebhookUrl = webhook.Url,
        WebhookActive = webhook.IsActive,
        ListenedEvents = webhook.Listened,
        Format = webhook.IsLegacy ? "legacy" : "current",
        Deliveries = withDeliveries ? webhook.Deliveries : null,
    };
}

/// <summary>The applications of the caller.</summary>
internal sealed record ApplicationList(IReadOnlyList<ApplicationAnswer> Applications);

/// <summary>How the developers' calls write JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(ApplicationAnswer))]
[JsonSerializable(typeof(ApplicationList))]
internal sealed partial class DeveloperJson : JsonSerializerContext
{
    /// <summary>Letters as they are.</summary>
    public static DeveloperJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes a value as the answer, to be kept by no cache.</summary>
    public static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }
}
