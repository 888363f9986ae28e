using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>
/// Makes the request of a press. Without further settings it is, byte for byte, what ResourceSpace's api_webhooks sends: the address with the id
/// appended, the bare id as the body, a form's content type.
/// </summary>
internal static class PressRequest
{
    // What is read of an answer: enough for any message and for the press log.
    private const int AnswerCap = 16 * 1024;

    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The request of a press.</summary>
    /// <param name="button">The button.</param>
    /// <param name="press">The press, with the record as committed.</param>
    /// <param name="sentAt">When it is sent, for the signature.</param>
    public static OutgoingPost Make(ButtonSettings button, ButtonPress press, DateTimeOffset sentAt)
    {
        var (url, authorization) = SplitUserInfo(Address(button.Url, press.Page.Record));
        var body = button.Body == ButtonBody.Json ? JsonBody(button, press) : IdBody(press.Page.Record);
        var headers = new List<KeyValuePair<string, string>>();
        if (authorization is not null && !button.Headers.Any(header => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            headers.Add(new("Authorization", authorization));
        headers.AddRange(button.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value)));
        if (button.Secret is { } secret)
            headers.AddRange(StandardSignature.Headers($"press_{press.PressKey}", sentAt, body, secret));
        return new OutgoingPost
        {
            Url = url,
            ContentType = button.Body == ButtonBody.Json ? "application/json" : FormType,
            Body = body,
            Headers = headers,
            Timeout = button.GiveUp,
            AnswerCap = AnswerCap,
            Form = PostForm.Legacy,
            Via = button.Via,
            Secrets = KnownSecrets.Of(button.Url, button.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), button.Via),
        };
    }

    /// <summary>The address with <c>{id}</c> and <c>{pid}</c> filled in, or with the id appended when it has neither.</summary>
    public static string Address(string url, RecordSnapshot record)
    {
        var id = record.Id.ToString(CultureInfo.InvariantCulture);
        return url.Contains("{id}", StringComparison.Ordinal) || url.Contains("{pid}", StringComparison.Ordinal)
            ? url.Replace("{id}", id, StringComparison.Ordinal).Replace("{pid}", Uri.EscapeDataString(record.Pid), StringComparison.Ordinal)
            : url + id;
    }

    /// <summary>The same address as it is logged and shown: of the query only what the press filled in.</summary>
    public static string ShownAddress(string url, RecordSnapshot record) => SplitUserInfo(Address(AddressRules.Shown(url), record)).Url;

    /// <summary>How the request is kept in the press log: values of headers may be credentials, so they are starred.</summary>
    public static string Describe(OutgoingPost post)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Content-type: {post.ContentType}\n");
        foreach (var (name, _) in post.Headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: ***\n");
        return text.Append('\n').Append(Encoding.UTF8.GetString(post.Body.Span)).ToString();
    }

    private static byte[] IdBody(RecordSnapshot record) => Encoding.ASCII.GetBytes(record.Id.ToString(CultureInfo.InvariantCulture));

    private static byte[] JsonBody(ButtonSettings button, ButtonPress press)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("resource", press.Page.Record.Id);
            json.WriteString("pid", press.Page.Record.Pid);
            json.WriteString("button", button.Key);
            json.WriteString("user", press.Page.User.Name);
            json.WriteString("at", press.PressedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    // http://user:password@host/ becomes Basic authorization, as in PHP. RFC 3986: the user info ends at the last @ before the path.
    private static (string Url, string? Authorization) SplitUserInfo(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOfAny(['/', '?'], start);
        var at = (end < 0 ? url : url[..end]).LastIndexOf('@');
        if (at < start)
            return (url, null);
        var userInfo = Uri.UnescapeDataString(url[start..at]);
        if (!userInfo.Contains(':', StringComparison.Ordinal))
            userInfo += ":";
        return (url[..start] + url[(at + 1)..], "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(userInfo)));
    }
}
