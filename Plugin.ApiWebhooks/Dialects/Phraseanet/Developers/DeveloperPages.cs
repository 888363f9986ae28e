using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Pages;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>Draws the developers' pages. They work without a script.</summary>
internal sealed class DeveloperPages(IHostIdentity identity, IHostInformation host, IPageFrame frame, IAntiforgery antiforgery, Drawing drawing)
{
    /// <summary>Whether a browser asks for a page; programs, and scripts of pages, ask for JSON or for anything.</summary>
    public static bool IsWanted(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends the browser on, also after a form.</summary>
    public static void Redirect(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }

    /// <summary>Answers that it cannot be done, as a page or as JSON.</summary>
    public async Task RefuseAsync(HttpContext context, int status, Func<DeveloperTexts, string> choose)
    {
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (!IsWanted(context.Request))
        {
            await DeveloperJson.WriteAsync(context, status, new DoneAnswer(false, choose(DeveloperTexts.English)), DeveloperJson.Readable.DoneAnswer).ConfigureAwait(false);
            return;
        }
        var texts = await TextsAsync(context).ConfigureAwait(false);
        context.Response.StatusCode = status;
        var words = new HtmlContentBuilder().AppendHtml("<p>").Append(choose(texts)).AppendHtml("</p>");
        await frame.WriteAsync(context, texts.Title, words).ConfigureAwait(false);
    }

    /// <summary>Shows the lists.</summary>
    /// <param name="context">The request.</param>
    /// <param name="applications">The user's applications.</param>
    /// <param name="consents">Those that may act for him.</param>
    /// <param name="more">Adds to the view.</param>
    public async Task ShowAsync(
        HttpContext context, IEnumerable<(ClientApplication Application, WebhookState Webhook)> applications, IEnumerable<Consent> consents,
        Func<ApplicationsView, ApplicationsView>? more = null)
    {
        var texts = await TextsAsync(context).ConfigureAwait(false);
        var token = antiforgery.GetAndStoreTokens(context);
        var view = new ApplicationsView
        {
            Texts = texts,
            StyleHref = PageAssets.Style,
            TokenName = token.FormFieldName,
            Token = token.RequestToken!,
            Done = context.Request.Query.ContainsKey("done") ? texts.Saved : null,
            Rows = [.. applications.Select(each => DeveloperViews.RowOf(each.Application, each.Webhook, texts))],
            Consents = [.. consents.Select(each => new ConsentRow(DevelopersDoor.RevokeHrefOf(each.ApplicationId), each.Name, each.Owner, each.Since))],
        };
        await WriteAsync(context, texts.Title, await drawing.DrawAsync<ApplicationsPage>(more?.Invoke(view) ?? view).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Shows one application.</summary>
    public async Task ShowAsync(HttpContext context, ClientApplication application, WebhookState webhook, Func<ApplicationView, ApplicationView>? more = null)
    {
        var texts = await TextsAsync(context).ConfigureAwait(false);
        var language = (await identity.FindUserAsync(context).ConfigureAwait(false))?.Language ?? host.DefaultLanguage;
        var token = antiforgery.GetAndStoreTokens(context);
        var view = new ApplicationView
        {
            Texts = texts,
            StyleHref = PageAssets.Style,
            TokenName = token.FormFieldName,
            Token = token.RequestToken!,
            Done = context.Request.Query.ContainsKey("done") ? texts.Saved : null,
            Href = DevelopersDoor.HrefOf(application.Id),
            Name = application.Name,
            Description = application.Description,
            Website = application.Website,
            Owner = application.Owner,
            IsPublic = application.IsPublic,
            ClientId = application.ClientId,
            RedirectUri = application.RedirectUri,
            WebhookUrl = webhook.Url ?? "",
            IsActive = webhook.IsActive,
            WhyNot = webhook.WhyNot,
            IsLegacy = webhook.IsLegacy,
            Groups = DeveloperViews.GroupsOf(webhook),
            Deliveries = DeveloperViews.RowsOf(webhook, PageTexts.In(language)),
        };
        await WriteAsync(context, application.Name, await drawing.DrawAsync<ApplicationPage>(more?.Invoke(view) ?? view).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private Task WriteAsync(HttpContext context, string title, HtmlString content)
    {
        context.Response.Headers.CacheControl = "no-store";
        return frame.WriteAsync(context, title, content);
    }

    private async Task<DeveloperTexts> TextsAsync(HttpContext context) =>
        DeveloperTexts.In((await identity.FindUserAsync(context).ConfigureAwait(false))?.Language ?? host.DefaultLanguage);
}
