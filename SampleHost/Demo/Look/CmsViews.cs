using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SampleHost.Assets;
using SampleHost.Demo.Cms;
using SampleHost.Demo.Receiver;
using SampleHost.Pages.Layout;

namespace SampleHost.Demo.Look;

/// <summary>Puts what the receiver knows into words for its page.</summary>
internal static class CmsViews
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CmsView Describe(CallLog log, AnswerSwitch answers, CmsCalls cms, SiteAssets assets, string? done)
    {
        // Read before the calls: a call that comes in between is then seen as new by the script.
        var revision = log.Revision;
        return new CmsView
        {
            Banner = done == "switched" ? new BannerView { Tone = BannerTone.Info, Title = "Switched", Text = Modes(answers.Mode).Single(mode => mode.Chosen).Text } : null,
            Assets = (assets.Href("demo.css"), assets.Href("demo.js")),
            Revision = revision,
            Objects = [.. CmsCatalogue.All.Select(one => Describe(one, cms.FindImage(one.Number)))],
            Modes = Modes(answers.Mode),
            Calls = [.. log.List().Select(Describe)],
        };
    }

    private static CmsObjectView Describe(CmsObject one, PushedImage? image) => new(
        one.Number,
        one.Title,
        $"{one.Creator}, {one.Date}. {one.Material}.",
        image is null ? null : $"{CmsPageEndpoints.Path}/objects/{one.Number}/image?at={image.PushedAt.ToUnixTimeMilliseconds()}");

    private static List<AnswerModeView> Modes(AnswerMode now)
    {
        AnswerModeView Of(AnswerMode mode, string label, string text) => new(mode.ToString(), label, text, mode == now);
        return
        [
            Of(AnswerMode.Normal, "Normally", "It does what it is asked, and says so."),
            Of(AnswerMode.ServerError, "500", "It answers that it failed."),
            Of(AnswerMode.Slow, "Slowly", $"It takes {AnswerSwitch.SlowAnswer.TotalSeconds:0} seconds, longer than a button waits."),
            Of(AnswerMode.Redirect, "302", "It points elsewhere. Redirects are not followed."),
            Of(AnswerMode.HangUp, "Hangs up", "It closes the connection without an answer."),
        ];
    }

    private static ReceivedCallView Describe(ReceivedCall call)
    {
        var (tone, word) = call.Signature switch
        {
            SignatureVerdict.Verified => ("good", "Verified"),
            SignatureVerdict.Unsigned => ("", "Not signed"),
            _ => ("bad", "Not verified"),
        };
        var (body, isIndented) = Indent(call.Body);
        return new ReceivedCallView
        {
            Number = call.Number,
            At = call.ReceivedAt,
            Line = $"{call.Method} {call.Path}",
            Summary = Summarise(call),
            Answer = call.Answer is null ? "under way" : call.Answer,
            AnswerTone = call.Answer is null ? "care" : call.Answer.StartsWith('2') ? "good" : "bad",
            SignatureTone = tone,
            SignatureWord = word,
            SignatureReason = call.Signature.Reason,
            Headers = call.Headers,
            Body = body,
            BodyNote = string.Create(CultureInfo.InvariantCulture, $"Body, {call.BodyLength} bytes{(isIndented ? ", indented here for reading" : ", as received")}{(call.BodyLength > CallLog.KeptBody ? "; only the beginning was kept" : "")}"),
        };
    }

    /// <summary>What an event or a press is about, as far as its body tells.</summary>
    private static string Summarise(ReceivedCall call)
    {
        if (Parse(call.Body) is not JsonObject json)
            return call.Path.Contains("/cms/", StringComparison.Ordinal) ? "a button" : "";
        return (json["type"] ?? json["event_type"])?.ToString() ?? "";
    }

    private static (string Text, bool IsIndented) Indent(string body) =>
        Parse(body) is JsonObject or JsonArray ? (Parse(body)!.ToJsonString(Indented), true) : (body, false);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            // Shown as it is.
            return null;
        }
    }
}
