using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Feeds;

namespace SampleHost.Api;

/// <summary><c>/api/feeds</c></summary>
internal static class FeedCalls
{
    private const int DefaultLimit = 50;
    private const int HighestLimit = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/feeds", List);
        api.MapPost("/feeds", CreateAsync);
        api.MapGet("/feeds/{id:long}/entries", ListEntries);
        api.MapPost("/feeds/{id:long}/entries", PublishAsync);
        api.MapGet("/notices", ListNotices);
    }

    private static IResult List(HttpContext context, FeedStore feeds)
    {
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var found = feeds.All(Caller.User(context), after, limit + 1);
        var page = found.Take(limit).Select(View).ToList();
        return Results.Json(new FeedPageView(page, found.Count > limit ? page[^1].Id : null), ApiJson.Default.FeedPageView);
    }

    private static IResult ListEntries(long id, HttpContext context, FeedStore feeds, FeedEntries entries) =>
        feeds.Find(id, Caller.User(context)) is null ? NoFeed(id) : Page(context, (after, limit) => entries.OfFeed(id, after, limit));

    // What the caller was told of: this is where a notified user reads it.
    private static IResult ListNotices(HttpContext context, FeedEntries entries) =>
        Page(context, (after, limit) => entries.ToldTo(Caller.User(context), after, limit));

    private static IResult Page(HttpContext context, Func<long, int, IReadOnlyList<FeedEntry>> read)
    {
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var found = read(after, limit + 1);
        // Who else was told is for those who manage users.
        var page = found.Take(limit).Select(entry => View(entry, Rights.CanListUsers(Caller.User(context)))).ToList();
        return Results.Json(new FeedEntryPageView(page, found.Count > limit ? page[^1].Id : null), ApiJson.Default.FeedEntryPageView);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Uploads uploads, FeedStore feeds)
    {
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"title\":\"News\",\"description\":\"What is new\",\"public\":true}");
        if (input is null)
            return refusal!;
        var title = input.Text("title") ?? "";
        var description = input.Text("description") ?? "";
        var isPublic = input.Bool("public") ?? false;
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(await feeds.CreateAsync(title, description, isPublic, Caller.User(context), context.RequestAborted), 0);
    }

    private static async Task<IResult> PublishAsync(long id, HttpContext context, Uploads uploads, FeedStore feeds)
    {
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"title\":\"A title\",\"description\":\"A text\"}");
        if (input is null)
            return refusal!;
        var notify = input.AllOrTexts("notify");
        var entry = new NewFeedEntry(id, input.Text("title") ?? "", input.Text("description") ?? "")
        {
            AuthorName = input.Text("authorName"),
            AuthorEmail = input.Text("authorEmail"),
            NotifyAll = notify.All,
            NotifiedUsers = [.. notify.Names, .. input.Texts("notifiedUsers")],
            Records = input.Numbers("records"),
        };
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(await feeds.PublishAsync(entry, Caller.User(context), ChangeOrigin.Api, context.RequestAborted), id);
    }

    private static IResult Answer(FeedResult result, long id) => result switch
    {
        FeedResult.FeedCreated created => Results.Json(View(created.Feed), ApiJson.Default.FeedView, statusCode: 201),
        FeedResult.EntryPublished published => Results.Json(View(published), ApiJson.Default.FeedEntryView, statusCode: 201),
        FeedResult.Invalid invalid => Problems.Invalid(invalid.Errors),
        FeedResult.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
        _ => NoFeed(id),
    };

    private static IResult NoFeed(long id) => Problems.Of(404, "No such feed", $"There is no feed {id}, or none that this caller may see.");

    private static FeedEntryView View(FeedEntry entry, bool withNotified) => new(
        entry.Id, entry.FeedId, entry.Title, entry.Description, entry.AuthorName, entry.AuthorEmail, withNotified ? entry.NotifiedUsers : [], entry.PublishedAt)
    {
        Records = entry.RecordIds,
    };

    private static FeedView View(Feed feed) => new(feed.Id, feed.Title, feed.Description, feed.IsPublic, feed.Owner);

    private static FeedEntryView View(FeedResult.EntryPublished published) => new(
        published.Entry.EntryId, published.Entry.FeedId, published.Entry.Title, published.Entry.Description, published.Entry.AuthorName,
        published.Entry.AuthorEmail, published.Entry.NotifiedUsers, published.PublishedAt)
    {
        Records = published.Entry.RecordIds,
    };
}
