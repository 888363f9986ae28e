using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>The body where no template fits: what Contensis' default template for entries fills in. A value that is missing is an empty text, as it is there.</summary>
internal sealed record DefaultBody
{
    /// <summary>The change's id, the same on every attempt.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The event's name, such as <c>updated</c>.</summary>
    public required string EventName { get; init; }

    public required Guid SubscriptionId { get; init; }

    /// <summary>When it happened: UTC, with milliseconds and <c>Z</c>.</summary>
    public required string Datetime { get; init; }

    public required InvokedBy InvokedBy { get; init; }

    public required DefaultResource Resource { get; init; }
}

/// <summary>Who did it.</summary>
internal sealed record InvokedBy(string Username, string FirstName, string LastName);

/// <summary>The resource that the event is about.</summary>
internal sealed record DefaultResource
{
    public required Guid Id { get; init; }

    /// <summary>The topic's resource type.</summary>
    public required string Type { get; init; }

    public required string ProjectId { get; init; }

    public required string ContentTypeId { get; init; }

    public required string Title { get; init; }

    public required string Language { get; init; }

    /// <summary>Where people see it.</summary>
    public required string Url { get; init; }
}

/// <summary>The contract of the default body.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DefaultBody))]
internal sealed partial class ContensisJson : JsonSerializerContext;
