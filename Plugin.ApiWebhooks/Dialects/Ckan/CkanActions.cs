using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>One of CKAN's actions.</summary>
/// <param name="Name">Its name, which ends the path.</param>
/// <param name="Help">What <c>help_show</c> says of it.</param>
/// <param name="Act">What it is called in the audit list; null when it changes nothing: then it may be asked by GET.</param>
/// <param name="Run">Does it for a user who may.</param>
internal sealed record CkanAction(string Name, string Help, string? Act, Func<HostUser, JsonElement, Task<CkanAnswer>> Run);

/// <summary>The actions of ckanext-webhooks, with <c>webhook_list</c>, which it has and forgot to register, and <c>webhook_update</c>, which it lacks.</summary>
/// <param name="hooks">Where webhooks are kept.</param>
internal sealed class CkanActions(StoredHooks hooks)
{
    private const string Id = "id";
    private const string Address = "address";
    private const string Topic = "topic";
    private const string Missing = "Missing value";

    /// <summary>The actions. They are done for users who passed <see cref="CkanRights.MayManage"/>.</summary>
    public IReadOnlyList<CkanAction> All =>
    [
        new("webhook_create", $"Registers a webhook of the caller. address: where to post; topic: one of {string.Join(", ", CkanTopics.All)}. Returns its id.", Acts.CreateSubscription, CreateAsync),
        new("webhook_show", "Shows a webhook. id: its id. For its owner and sysadmins.", null, (user, data) => Task.FromResult(Show(user, data))),
        new("webhook_list", "Lists the ids of the caller's webhooks; a sysadmin is told everybody's. topic: only those of a topic.", null, (user, data) => Task.FromResult(List(user, data))),
        new("webhook_update", "Changes a webhook. id: its id; address, topic: what is to change. Returns it. For its owner and sysadmins.", Acts.ChangeSubscription, UpdateAsync),
        new("webhook_delete", "Deletes a webhook. id: its id. Returns the id. For its owner and sysadmins.", Acts.DeleteSubscription, DeleteAsync),
    ];

    private async Task<CkanAnswer> CreateAsync(HostUser user, JsonElement data)
    {
        var errors = new Dictionary<string, IReadOnlyList<string>>();
        var address = Required(data, Address, errors);
        var topic = Required(data, Topic, errors);
        Check(address, topic, errors);
        if (errors.Count > 0)
            return new CkanAnswer.Invalid(errors);
        var settings = new JsonObject { ["label"] = Label(address!, topic), ["dialect"] = CkanDialect.DialectName, ["url"] = address, [CkanDialect.Topic.Key] = topic };
        return await hooks.CreateAsync(new NewStoredHook(settings, user.Name)).ConfigureAwait(false) switch
        {
            StoreResult.Stored stored => Done(stored.Hook) with { Detail = AuditedHooks.Describe(stored.Hook) },
            StoreResult.Refused refused => Refused(refused),
            _ => new CkanAnswer.Broken(),
        };
    }

    private CkanAnswer Show(HostUser user, JsonElement data) => Find(user, data, out var hook) ?? new CkanAnswer.Done(json => Write(json, hook!));

    private CkanAnswer List(HostUser user, JsonElement data)
    {
        var topic = Text(data, Topic);
        if (topic is not null && !CkanTopics.All.Contains(topic))
            return new CkanAnswer.Invalid(Topic, NoTopic(topic));
        return new CkanAnswer.Done(json =>
        {
            json.WriteStartArray();
            foreach (var hook in hooks.All)
            {
                if (hook.Dialect == CkanDialect.DialectName && CkanRights.IsTheirs(user, hook.Owner) && (topic is null || topic == TopicOf(hook)))
                    json.WriteStringValue(hook.Id);
            }
            json.WriteEndArray();
        });
    }

    private async Task<CkanAnswer> UpdateAsync(HostUser user, JsonElement data)
    {
        var errors = new Dictionary<string, IReadOnlyList<string>>();
        var address = data.TryGetProperty(Address, out _) ? Required(data, Address, errors) : null;
        var topic = data.TryGetProperty(Topic, out _) ? Required(data, Topic, errors) : null;
        Check(address, topic, errors);
        while (true)
        {
            if (Find(user, data, out var hook) is { } refusal)
                return refusal;
            if (errors.Count > 0)
                return new CkanAnswer.Invalid(errors);
            // Another call may change the other half meanwhile: neither undoes the other.
            var edit = new StoredHookEdit(Changed(hook!, address, topic), user.Name) { Extra = hook!.Extra, ExpectedVersion = hook.Version };
            switch (await hooks.ReplaceAsync(hook.Id, edit).ConfigureAwait(false))
            {
                case StoreResult.Stored stored:
                    return new CkanAnswer.Done(json => Write(json, stored.Hook))
                    {
                        Subject = AuditedHooks.SubjectOf(stored.Hook),
                        Detail = AuditedHooks.DescribeChange(hook.Settings, stored.Hook.Settings),
                    };
                case StoreResult.Refused refused:
                    return Refused(refused);
                case StoreResult.NotFound:
                    return NotFound;
                default:
                    continue;
            }
        }
    }

    private static JsonObject Changed(StoredHook hook, string? address, string? topic)
    {
        var settings = hook.Settings.DeepClone().AsObject();
        // A name that somebody gave it by another door stays.
        if (settings["label"]?.GetValue<string>() == Label(AddressOf(hook), TopicOf(hook)))
            settings["label"] = Label(address ?? AddressOf(hook), topic ?? TopicOf(hook));
        if (address is not null)
            settings["url"] = address;
        if (topic is not null)
            settings[CkanDialect.Topic.Key] = topic;
        return settings;
    }

    private async Task<CkanAnswer> DeleteAsync(HostUser user, JsonElement data)
    {
        if (Find(user, data, out var hook) is { } refusal)
            return refusal;
        return await hooks.DeleteAsync(hook!.Id).ConfigureAwait(false) ? Done(hook) : NotFound;
    }

    private static CkanAnswer.NotFound NotFound => new("There is no webhook with this id.");

    private static CkanAnswer.Done Done(StoredHook hook) => new(json => json.WriteStringValue(hook.Id)) { Subject = AuditedHooks.SubjectOf(hook) };

    private CkanAnswer? Find(HostUser user, JsonElement data, out StoredHook? hook)
    {
        hook = null;
        var errors = new Dictionary<string, IReadOnlyList<string>>();
        if (Required(data, Id, errors) is not { } id)
            return new CkanAnswer.Invalid(errors);
        hook = Guid.TryParseExact(id, "D", out var guid) && hooks.Find(guid) is { Dialect: CkanDialect.DialectName } found ? found : null;
        if (hook is null)
            return NotFound;
        return CkanRights.IsTheirs(user, hook.Owner) ? null : new CkanAnswer.Denied($"The webhook belongs to somebody else than {user.Name}.");
    }

    private static void Write(Utf8JsonWriter json, StoredHook hook)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, hook.Id);
        json.WriteString("address"u8, AddressOf(hook));
        json.WriteString("topic"u8, TopicOf(hook));
        json.WriteString("user_id"u8, hook.Owner);
        json.WriteString("created_at"u8, CkanRows.Instant(hook.CreatedAt));
        json.WriteEndObject();
    }

    private static string AddressOf(StoredHook hook) => hook.Settings["url"]?.GetValue<string>() ?? "";

    private static string? TopicOf(StoredHook hook) => hook.Settings[CkanDialect.Topic.Key]?.GetValue<string>();

    private static string Label(string address, string? topic)
    {
        var label = $"{topic ?? CkanDialect.DialectName} to {(Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Host : address)}";
        return label.Length <= HookOptions.Label.Max ? label : label[..(int)HookOptions.Label.Max];
    }

    private static string? Text(JsonElement data, string field) =>
        data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string? Required(JsonElement data, string field, Dictionary<string, IReadOnlyList<string>> errors)
    {
        if (Text(data, field) is { } text)
            return text;
        var isText = !data.TryGetProperty(field, out var value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        errors[field] = [isText ? Missing : "Must be a Unicode string value"];
        return null;
    }

    private static void Check(string? address, string? topic, Dictionary<string, IReadOnlyList<string>> errors)
    {
        if (address is not null && AddressRules.Find(address) is { } objection)
            errors[Address] = [$"The address {objection.What}. {objection.Remedy}"];
        if (topic is not null && !CkanTopics.All.Contains(topic))
            errors[Topic] = [NoTopic(topic)];
    }

    private static string NoTopic(string topic) => $"\"{topic}\" is no topic. Use one of {string.Join(", ", CkanTopics.All)}.";

    private static CkanAnswer.Invalid Refused(StoreResult.Refused refused) => new(refused.Faults
        .Where(fault => fault.Severity == FaultSeverity.Error)
        .GroupBy(fault => fault.Place == "url" ? Address : fault.Place)
        .ToDictionary(faults => faults.Key, IReadOnlyList<string> (faults) => [.. faults.Select(fault => $"{fault.Message} {fault.Remedy}")]));
}
