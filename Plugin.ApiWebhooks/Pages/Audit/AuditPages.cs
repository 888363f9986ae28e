using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Audit;

/// <summary>The page of the audit list, newest first.</summary>
internal sealed class AuditPages(AuditLog log, PageDrawing drawing) : IDoor
{
    public const string Path = PageDrawing.Root + "/audit";

    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, (RequestDelegate)ShowAsync);

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = AuditTexts.In(user.Language);
        context.Response.Headers.CacheControl = "no-store";
        await drawing.DrawAsync<AuditList>(context, texts.Title, Describe(context.Request.Query, user, texts)).ConfigureAwait(false);
    }

    private AuditListView Describe(IQueryCollection query, HostUser user, AuditTexts texts)
    {
        var (who, act, text) = (query["user"].ToString().Trim(), query["act"].ToString().Trim(), query["text"].ToString().Trim());
        var seenBy = AuditCalls.SeenBy(user);
        var isFirst = !long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before);
        var found = log.Read(new AuditQuery
        {
            SeenBy = seenBy,
            UserName = who.Length == 0 ? null : who,
            Act = act.Length == 0 ? null : act,
            Text = text.Length == 0 ? null : text,
            Before = isFirst ? long.MaxValue : before,
            NewestFirst = true,
            Limit = PageSize + 1,
        });
        var rows = found.Take(PageSize).ToList();
        var view = new AuditListView
        {
            Texts = texts,
            Language = user.Language,
            Lead = seenBy is null ? texts.LeadAll : texts.LeadOwn,
            Users = log.ReadUsers(seenBy),
            Acts = [.. Acts.All.Select(name => (name, texts.Acts[name]))],
            User = who,
            Act = act,
            Text = text,
            Rows = [.. rows.Select(entry => RowOf(entry, texts))],
            OlderHref = found.Count > PageSize ? Href(who, act, text, rows[^1].Id) : null,
            NewestHref = isFirst ? null : Href(who, act, text, null),
        };
        return view with { Empty = rows.Count > 0 ? null : view.IsFiltered ? texts.NoneMatches : texts.None };
    }

    private static AuditRow RowOf(AuditEntry entry, AuditTexts texts)
    {
        var (kind, name) = entry.Subject.Name.Split(' ', 2) is [var first, var rest] ? (first, rest) : (entry.Subject.Name, "");
        return new AuditRow(
            entry.At, entry.UserName, entry.KeyName, texts.Acts.GetValueOrDefault(entry.Act, entry.Act), texts.Kinds.GetValueOrDefault(kind, kind),
            kind is "delivery" or "replay" ? $"{name} · {entry.Subject.Label}".TrimEnd(' ', '·') : entry.Subject.Label ?? name,
            HrefOf(kind, name), entry.Subject.Owner, entry.Detail);
    }

    private static string? HrefOf(string kind, string name) => kind switch
    {
        "subscription" => $"{PageDrawing.Root}/subscriptions/{Uri.EscapeDataString(name)}",
        "delivery" => $"{PageDrawing.Root}/deliveries/{Uri.EscapeDataString(name)}",
        "replay" => $"{PageDrawing.Root}/replays/{Uri.EscapeDataString(name)}",
        "application" => $"/developers/application/{Uri.EscapeDataString(name)}/",
        _ => null,
    };

    private static string Href(string user, string act, string text, long? before)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in new[] { ("user", user), ("act", act), ("text", text), ("before", before?.ToString(CultureInfo.InvariantCulture) ?? "") })
        {
            if (value.Length > 0)
                query.Add(name, value);
        }
        return Path + query;
    }
}
