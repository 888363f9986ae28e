using System.Text.Json;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>How an action ended: one of the nested records, and no other. Each has its status and its form, which clients tell apart by <c>__type</c>.</summary>
internal abstract record CkanAnswer(int Status)
{
    /// <summary>It was done.</summary>
    /// <param name="Write">Writes the result, one JSON value.</param>
    public sealed record Done(Action<Utf8JsonWriter> Write) : CkanAnswer(200)
    {
        /// <summary>The webhook that was made, changed or deleted, as the audit list has it; null when it was only read.</summary>
        public AuditSubject? Subject { get; init; }

        /// <summary>More for the audit list.</summary>
        public string? Detail { get; init; }
    }

    /// <summary>The caller may not.</summary>
    public sealed record Denied(string Why) : CkanAnswer(403);

    /// <summary>What was asked for is not there.</summary>
    public sealed record NotFound(string What) : CkanAnswer(404);

    /// <summary>Values are missing or wrong.</summary>
    /// <param name="Errors">The messages of each field.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> Errors) : CkanAnswer(409)
    {
        public Invalid(string field, string message) : this(new Dictionary<string, IReadOnlyList<string>> { [field] = [message] })
        {
        }
    }

    /// <summary>The request is none that an action can be given: answered by a bare JSON string, without the envelope.</summary>
    public sealed record BadRequest(string Why) : CkanAnswer(400);

    /// <summary>It broke on this side.</summary>
    public sealed record Broken() : CkanAnswer(500);

    /// <summary>The body.</summary>
    /// <param name="help">The address of the action's help.</param>
    public ReadOnlyMemory<byte> ToBody(string help) => PythonJson.Write(json =>
    {
        if (this is BadRequest bad)
        {
            json.WriteStringValue($"Bad request: {bad.Why}");
            return;
        }
        json.WriteStartObject();
        json.WriteString("help"u8, help);
        json.WriteBoolean("success"u8, this is Done);
        if (this is Done done)
        {
            json.WritePropertyName("result"u8);
            done.Write(json);
        }
        else
        {
            json.WriteStartObject("error"u8);
            WriteError(json);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private void WriteError(Utf8JsonWriter json)
    {
        switch (this)
        {
            case Denied denied:
                WriteError(json, "Authorization Error", $"Access denied: {denied.Why}");
                break;
            case NotFound missing:
                WriteError(json, "Not Found Error", $"Not found: {missing.What}");
                break;
            case Invalid invalid:
                foreach (var (field, messages) in invalid.Errors)
                {
                    json.WriteStartArray(field);
                    foreach (var message in messages)
                        json.WriteStringValue(message);
                    json.WriteEndArray();
                }
                json.WriteString("__type"u8, "Validation Error"u8);
                break;
            default:
                WriteError(json, "Internal Server Error", "Internal Server Error");
                break;
        }
    }

    private static void WriteError(Utf8JsonWriter json, string type, string message)
    {
        json.WriteString("__type"u8, type);
        json.WriteString("message"u8, message);
    }
}
