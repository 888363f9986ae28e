using System.Text.Json;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Pages;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>The page under <c>/plugins/ApiWebhooks/import-buttons</c>: PHP text in, <c>buttons[]</c> out. What was pasted is shown to nobody but who pasted it.</summary>
internal sealed class ImportPage(
    IServiceProvider services, Gate gate, IHostIdentity identity, IHostInformation host, IAntiforgery antiforgery, IPageFrame frame, ILoggerFactory loggers) : IDoor
{
    public const string Path = "/plugins/ApiWebhooks/import-buttons";

    // A form may need nine bytes for a character: three of UTF-8, three each to encode them. Few do.
    private const int MostBytes = 4 * ButtonImport.LongestText;

    private const int LongestExcerpt = 80;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)(context => AnswerAsync(context, ShowEmptyAsync)));
        endpoints.MapPost(Path, (RequestDelegate)(context => AnswerAsync(context, ConvertAsync))).Audited(Acts.ImportButtons);
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, ImportView, Task<(int Status, ImportView View)>> work)
    {
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        var language = user?.Language ?? host.DefaultLanguage;
        var texts = ImportTexts.In(language);
        if (user is null || !user.Roles.Contains(Gate.AdminRole))
        {
            context.Response.StatusCode = user is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
            var pageTexts = PageTexts.In(language);
            var words = new HtmlContentBuilder().AppendHtml("<p>").Append(user is null ? pageTexts.NotSignedIn : pageTexts.NotAllowed).AppendHtml("</p>");
            await frame.WriteAsync(context, texts.Title, words).ConfigureAwait(false);
            return;
        }

        var tokens = antiforgery.GetAndStoreTokens(context);
        var empty = new ImportView { Texts = texts, Language = language, TokenName = tokens.FormFieldName, Token = tokens.RequestToken ?? "" };
        var (status, view) = await work(context, empty).ConfigureAwait(false);
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        await frame.WriteAsync(context, texts.Title, await DrawAsync(view).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static Task<(int Status, ImportView View)> ShowEmptyAsync(HttpContext context, ImportView empty) => Task.FromResult((StatusCodes.Status200OK, empty));

    private async Task<(int Status, ImportView View)> ConvertAsync(HttpContext context, ImportView empty)
    {
        var (form, status) = await ReadFormAsync(context).ConfigureAwait(false);
        if (form is null)
            return (status, empty with { Alarm = status == StatusCodes.Status413PayloadTooLarge ? empty.Texts.TooLong : empty.Texts.NotReadable });
        var pasted = form["text"].ToString();
        if (pasted.Length > ButtonImport.LongestText)
            return (StatusCodes.Status413PayloadTooLarge, empty with { Alarm = empty.Texts.TooLong });
        var view = empty with { Pasted = pasted };
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        if (!await gate.IsMeantAsync(context, user!).ConfigureAwait(false))
            return (StatusCodes.Status400BadRequest, view with { Alarm = empty.Texts.OnceMore });
        var result = ButtonImport.Read(pasted);
        if (result is ImportResult.Imported read)
            context.NoteAct(new AuditSubject("buttons"), $"{read.Buttons.Count} of ResourceSpace");
        return result switch
        {
            ImportResult.Imported imported => (StatusCodes.Status200OK, view with
            {
                Json = JsonSerializer.Serialize(new ImportedButtons(imported.Buttons), ImportJson.Readable.ImportedButtons),
                Buttons = imported.Buttons.Count,
                Warnings = Rows(pasted, imported.Warnings),
            }),
            ImportResult.Refused refused => (StatusCodes.Status422UnprocessableEntity, view with { Faults = Rows(pasted, refused.Faults) }),
            var other => throw new InvalidOperationException($"An import cannot end as {other.GetType().Name}."),
        };
    }

    /// <returns>The form, or null with the status that says why.</returns>
    private static async Task<(IFormCollection? Form, int Status)> ReadFormAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes)
            return (null, StatusCodes.Status413PayloadTooLarge);
        if (!context.Request.HasFormContentType)
            return (null, StatusCodes.Status400BadRequest);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false), StatusCodes.Status200OK);
        }
        catch (BadHttpRequestException exception)
        {
            return (null, exception.StatusCode);
        }
        catch (InvalidDataException)
        {
            // Its message may quote the form.
            return (null, StatusCodes.Status400BadRequest);
        }
    }

    private static ImportRow[] Rows(string pasted, IReadOnlyList<ImportNote> notes)
    {
        var lines = pasted.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
        return [.. notes.Select(note => new ImportRow(note.Line, note.Column, Excerpt(lines, note), note.Message, note.Remedy))];
    }

    private static string Excerpt(string[] lines, ImportNote note)
    {
        var line = note.Line <= lines.Length ? lines[note.Line - 1] : "";
        var start = Math.Clamp(note.Column - 1 - (LongestExcerpt / 4), 0, line.Length);
        var excerpt = line.Substring(start, Math.Min(LongestExcerpt, line.Length - start)).Trim();
        return (start > 0 ? "…" : "") + excerpt + (start + LongestExcerpt < line.Length ? "…" : "");
    }

    private async Task<HtmlString> DrawAsync(ImportView view)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ImportForm.View)] = view });
            var output = await renderer.RenderComponentAsync<ImportForm>(parameters).ConfigureAwait(true);
            return new HtmlString(output.ToHtmlString());
        }).ConfigureAwait(false);
    }
}
