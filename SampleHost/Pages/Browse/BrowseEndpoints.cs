using Microsoft.AspNetCore.Http.Extensions;
using SampleHost.Accounts;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Records;

namespace SampleHost.Pages.Browse;

/// <summary>The list of records, newest first, and the search.</summary>
internal static class BrowseEndpoints
{
    private const int CardsPerPage = 24;

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/", GetAsync);

    private static async Task<IResult> GetAsync(
        HttpContext context, string? q, string? type, long? after, string? done, RecordStore store, ContentTypes types)
    {
        var user = SignedIn.User(context);
        var chosen = string.IsNullOrEmpty(type) ? null : types.Find(type)?.Name;
        var text = q?.Trim() ?? "";
        var query = new RecordQuery(text, Math.Max(0, after ?? 0), CardsPerPage, user, chosen) { NewestFirst = true };
        var found = await store.SearchAsync(query, context.RequestAborted);
        var cards = found.Records.Select(record => new CardView(
            record.Id,
            record.Title,
            types.Find(record.Type)?.Label.In(user.Language) ?? record.Type,
            record.Files.Select(FileView.Of).OrderByDescending(file => file.IsImage).FirstOrDefault(),
            record.Draft,
            record.Private,
            record.ModifiedAt,
            store.CanEdit(user, record))).ToList();
        return Page.Show<BrowsePage, BrowseView>(context, new BrowseView
        {
            Text = text,
            Type = chosen ?? "",
            Types = [.. types.All.Select(one => new OptionView(one.Name, one.Label.In(user.Language)))],
            Cards = cards,
            NextHref = found.Next is { } next ? Href(text, chosen, next) : null,
            FirstHref = query.After > 0 ? Href(text, chosen, null) : null,
            CanInsert = Rights.CanInsert(user, null),
            CanPick = cards.Any(card => card.CanEdit),
            Banner = Notices.For(done),
        });
    }

    private static string Href(string text, string? type, long? after)
    {
        var query = new QueryBuilder();
        if (text.Length > 0)
            query.Add("q", text);
        if (type is not null)
            query.Add("type", type);
        if (after is { } id)
            query.Add("after", $"{id}");
        return "/" + query.ToQueryString();
    }
}
