using System.Globalization;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>What bodies, addresses and headers are made of: an occurrence, its subscription, and who did it.</summary>
/// <param name="What">The change in Contensis' words.</param>
/// <param name="SubscriptionId">The subscription's id.</param>
/// <param name="ProjectId">The project it belongs to.</param>
/// <param name="Host">The host's address.</param>
/// <param name="Invoker">The user who did it, as the host knows him; null when it does not.</param>
internal readonly record struct Scene(Occurrence What, Guid SubscriptionId, string ProjectId, IHostInformation Host, HostUser? Invoker)
{
    private Change Change => What.Change;

    /// <summary>The resource's UUID, made once: it takes a hash.</summary>
    public Guid ResourceId { get; } = What.Id;

    /// <summary>The resource's title.</summary>
    public string Title => What.ResourceType switch
    {
        ContensisEvents.Asset => Change.File!.Name,
        ContensisEvents.User => Change.User!.DisplayName,
        _ => Change.Record!.Title,
    };

    /// <summary>Where people see the resource; an asset is seen with its entry.</summary>
    public string Url => Change.Record is { } record ? string.Create(CultureInfo.InvariantCulture, $"{Host.BaseUri.AbsoluteUri.TrimEnd('/')}/records/{record.Id}") : "";

    private string FirstName => Invoker?.FirstName ?? (Invoker?.LastName is null ? Invoker?.DisplayName : null) ?? "";

    private string LastName => Invoker?.LastName ?? "";

    /// <summary>The default body.</summary>
    public ReadOnlyMemory<byte> WriteDefaultBody()
    {
        var body = new DefaultBody
        {
            EventId = Change.Id,
            EventName = What.Event,
            SubscriptionId = SubscriptionId,
            Datetime = StandardPayload.Instant(Change.OccurredAt),
            InvokedBy = new InvokedBy(Change.Actor.UserName, FirstName, LastName),
            Resource = new DefaultResource
            {
                Id = ResourceId,
                Type = What.ResourceType,
                ProjectId = ProjectId,
                ContentTypeId = What.ContentTypeId ?? "",
                Title = Title,
                Language = What.Language ?? "",
                Url = Url,
            },
        };
        return MessageJson.Write(json => JsonSerializer.Serialize(json, body, ContensisJson.Default.DefaultBody));
    }

    /// <summary>What templates may name: <c>event</c>, <c>user</c> and <c>resource</c>.</summary>
    public TemplateScope WriteScope()
    {
        var scene = this;
        return TemplateScope.Write(scene.WriteRoots);
    }

    private void WriteRoots(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("event"u8);
        json.WriteString("id"u8, Change.Id);
        json.WriteString("name"u8, What.Event);
        json.WriteString("resourceType"u8, What.ResourceType);
        json.WriteString("subscriptionId"u8, SubscriptionId);
        json.WriteString("dateTime"u8, StandardPayload.Instant(Change.OccurredAt));
        json.WriteString("resourceId"u8, ResourceId);
        json.WriteString("resourceUrl"u8, Url);
        json.WriteString("alias"u8, Host.BaseUri.Host);
        json.WriteEndObject();
        json.WriteStartObject("user"u8);
        json.WriteString("username"u8, Change.Actor.UserName);
        json.WriteString("firstName"u8, FirstName);
        json.WriteString("lastName"u8, LastName);
        json.WriteEndObject();
        json.WritePropertyName("resource"u8);
        ResourceJson.Write(json, this);
        json.WriteEndObject();
    }
}
