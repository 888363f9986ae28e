using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Docuteam;

namespace Plugin.ApiWebhooks.Api;

/// <summary>The management calls for what can be known beforehand: events, terms, the API itself. Nothing of the records: everybody who is signed in may read it.</summary>
internal sealed class EventTypeCalls(EventCatalogue catalogue, IEnumerable<IDialect> dialects, IHostIdentity identity, IHostInformation host)
{
    private readonly string[] _dialects = [.. dialects.Select(dialect => dialect.Name)];

    /// <summary>Maps the calls.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{ManagementApi.Root}/event-types", ForUsers(ListAsync));
        // The names of some dialects have a slash.
        endpoints.MapGet($"{ManagementApi.Root}/event-types/{{dialect}}/{{**name}}", ForUsers(ShowAsync));
        endpoints.MapGet($"{ManagementApi.Root}/docuteam/predicates", ForUsers(ListTermsAsync));
        endpoints.MapGet($"{ManagementApi.Root}/openapi.json", ForUsers(DescribeAsync));
    }

    private static Task ListTermsAsync(HttpContext context) => ManagementApi.WriteAsync(
        context, new TermList([.. DocuteamPredicates.Predicates.Select(TermView.From)], [.. DocuteamPredicates.Categories.Select(TermView.From)]), ApiJson.Readable.TermList);

    private Task DescribeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(ApiDocument.Make(host.BaseUri).ToJsonString(), context.RequestAborted);
    }

    private RequestDelegate ForUsers(RequestDelegate handler) => async context =>
    {
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is null)
            await Problem.NotSignedIn.WriteAsync(context).ConfigureAwait(false);
        else
            await handler(context).ConfigureAwait(false);
    };

    private Task ListAsync(HttpContext context)
    {
        var dialect = context.Request.Query["dialect"].ToString();
        if (dialect.Length > 0 && !_dialects.Contains(dialect, StringComparer.OrdinalIgnoreCase))
            return Problem.BadRequest($"There is no dialect \"{dialect}\". There are: {string.Join(", ", _dialects)}.").WriteAsync(context);
        var found = catalogue.All.Where(entry => dialect.Length == 0 || string.Equals(entry.Dialect, dialect, StringComparison.OrdinalIgnoreCase));
        return ManagementApi.WriteAsync(context, new EventTypeList([.. found.Select(EventTypeView.From)]), ApiJson.Readable.EventTypeList);
    }

    private Task ShowAsync(HttpContext context)
    {
        var (dialect, name) = (context.Request.RouteValues["dialect"]?.ToString() ?? "", context.Request.RouteValues["name"]?.ToString() ?? "");
        if (catalogue.Find(dialect, name, context.Request.Query["form"].ToString()) is { } entry)
            return ManagementApi.WriteAsync(context, EventTypeView.WholeFrom(entry), ApiJson.Readable.EventTypeView);
        var guess = Nearest.To(name, catalogue.All.Where(each => each.Dialect == dialect).Select(each => each.Event.Name));
        return Problem.NotFound($"The dialect \"{dialect}\" has no event \"{name}\". {(guess is null ? $"All of them: {ManagementApi.Root}/event-types." : $"Did you mean \"{guess}\"?")}")
            .WriteAsync(context);
    }
}
