using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SampleHost.Demo.Cms;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;

namespace SampleHost.Demo.Page;

/// <summary>The page of the demo's collections management system, for anybody who is signed in.</summary>
internal static class DemoPageEndpoints
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/demo/cms").AddEndpointFilter<RouteGroupBuilder, SignedIn>();
        pages.MapGet("", (HttpContext context, ObjectCatalogue catalogue, ReceivedCalls calls, Mood mood) =>
            Pages.Layout.Page.Show<DemoPage, DemoPageView>(context, Describe(catalogue, calls, mood)));
        pages.MapPost("", ChooseAsync);
        pages.MapGet("/calls", (ReceivedCalls calls) => new RazorComponentResult<DemoCalls>(new { Calls = Describe(calls) }));
        pages.MapGet("/objects/{number}/image", (string number, ObjectCatalogue catalogue) =>
            catalogue.FindImage(number) is { } image ? Results.Bytes(image.Content, image.MediaType) : Results.NotFound());
    }

    private static async Task<IResult> ChooseAsync(HttpContext context, PostedForms forms, Mood mood)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, "/demo/cms");
        if (Enum.TryParse<Answering>(form["answers"], out var answering) && Enum.IsDefined(answering))
            mood.Now = answering;
        return Pages.Layout.Page.SeeOther("/demo/cms");
    }

    private static DemoPageView Describe(ObjectCatalogue catalogue, ReceivedCalls calls, Mood mood) => new()
    {
        Objects = [.. catalogue.All.Select(item => new DemoObjectView(item.Number, item.Title, item.Maker, item.Date, ImageOf(catalogue, item.Number)))],
        Calls = Describe(calls),
        Answers = [.. Enum.GetValues<Answering>().Select(answering => new DemoChoice(answering.ToString(), Words(answering), answering == mood.Now))],
    };

    // The time makes the browser fetch a picture that was pushed again.
    private static string? ImageOf(ObjectCatalogue catalogue, string number) =>
        catalogue.FindImage(number) is { } image ? $"/demo/cms/objects/{number}/image?at={image.PushedAt.ToUnixTimeMilliseconds()}" : null;

    private static List<DemoCallView> Describe(ReceivedCalls calls) => [.. calls.Newest().Select(Describe)];

    private static DemoCallView Describe(ReceivedCall call) => new()
    {
        Number = call.Number,
        At = call.At,
        Line = $"{call.Method} {call.Target}",
        Headers = string.Join('\n', call.Headers.Select(header => $"{header.Key}: {header.Value}")),
        Body = Indent(call.Body),
        Signature = Words(call.Signature),
        SignatureTone = call.Signature switch { SignatureVerdict.Verified => "good", SignatureVerdict.NotSigned => "", _ => "bad" },
        Answer = call.Status is { } status ? $"Answered {status}: {call.Done}" : call.Done.Length > 0 ? call.Done : "Being answered…",
    };

    private static string Words(Answering answering) => answering switch
    {
        Answering.WithAnError => "with error 500",
        Answering.Slowly => $"after {Mood.SlowAnswer.TotalSeconds:0} seconds",
        Answering.WithARedirect => "with a redirect",
        Answering.Never => "never: it hangs up",
        _ => "normally",
    };

    private static string Words(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Verified => "Signature verified",
        SignatureVerdict.NotSigned => "Not signed",
        SignatureVerdict.Malformed => "Signature headers are not of their form",
        SignatureVerdict.TooOld => "Signature is older than five minutes",
        _ => "Signature is wrong",
    };

    private static string Indent(string body)
    {
        if (!body.StartsWith('{'))
            return body;
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            // Not JSON after all: shown as it came.
            return body;
        }
    }
}
