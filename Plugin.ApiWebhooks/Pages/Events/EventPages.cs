using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages.Events;

/// <summary>The pages of the event catalogue, for everybody who is signed in.</summary>
internal sealed class EventPages(EventCatalogue catalogue, IEnumerable<IDialect> dialects, PageDrawing drawing) : IDoor
{
    /// <summary>Where the catalogue is.</summary>
    public const string Path = PageDrawing.Root + "/events";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)ShowAllAsync);
        endpoints.MapGet(Path + "/{dialect}/{**name}", (RequestDelegate)ShowOneAsync);
    }

    private async Task ShowAllAsync(HttpContext context)
    {
        if (await drawing.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = EventTexts.In(user.Language);
        var chosen = context.Request.Query["dialect"].ToString();
        var all = dialects.Where(dialect => dialect.Events.Count > 0).ToList();
        var shown = all.Where(dialect => string.Equals(dialect.Name, chosen, StringComparison.OrdinalIgnoreCase)).ToList();
        var view = new CatalogueView
        {
            Texts = texts,
            Language = user.Language,
            Choices = [(texts.All, shown.Count == 0 ? null : Path), .. all.Select(dialect => (dialect.Title, shown.Contains(dialect) ? null : $"{Path}?dialect={dialect.Name}"))],
            Dialects =
            [
                .. (shown.Count == 0 ? all : shown).Select(dialect =>
                    new DialectEvents(dialect.Name, dialect.Title, [.. catalogue.All.Where(entry => entry.Dialect == dialect.Name).Select(entry => RowOf(entry, texts))])),
            ],
        };
        await drawing.DrawAsync<EventList>(context, texts.Title, view).ConfigureAwait(false);
    }

    private async Task ShowOneAsync(HttpContext context)
    {
        if (await drawing.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = EventTexts.In(user.Language);
        var (dialect, name) = (context.Request.RouteValues["dialect"]?.ToString() ?? "", context.Request.RouteValues["name"]?.ToString() ?? "");
        if (catalogue.Find(dialect, name, context.Request.Query["form"].ToString()) is not { } entry)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
            return;
        }
        var view = new EventView
        {
            Texts = texts,
            Language = user.Language,
            Event = RowOf(entry, texts),
            Back = new PageLink($"{Path}?dialect={entry.Dialect}", $"{texts.BackToEvents}: {dialects.First(each => each.Name == entry.Dialect).Title}"),
            Headers = [.. entry.Example.Headers.Select(header => (header.Key, header.Value))],
            Body = IndentedOf(entry.Example.Body),
            Hook = IndentedOf(entry.Event.Hook),
            Schema = entry.Schema.ToJsonString(Indented),
            ApiHref = EventTypeView.UrlOf(entry),
        };
        await drawing.DrawAsync<EventDetail>(context, entry.Event.Name, view).ConfigureAwait(false);
    }

    private static EventRow RowOf(CatalogueEntry entry, EventTexts texts) => new(
        entry.Event.Name, entry.Event.Form, texts.Describe(entry.Event.Description),
        Path + EventTypeView.UrlOf(entry)[$"{ManagementApi.Root}/event-types".Length..]);

    // A body of another kind stays as it is.
    private static string IndentedOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.ToJsonString(Indented) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
