using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// <c>GET /api/webhooks/audit</c>: who did what. System administrators read everything, administrators what they did and what was done to their own.
/// </summary>
internal sealed class AuditCalls(AuditLog log, Gate gate) : IDoor
{
    private const int DefaultLimit = 50;
    private const int HighestLimit = 500;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet($"{ManagementApi.Root}/audit", gate.ForAdministrators(ListAsync));

    /// <summary>Whose entries a user is confined to; null for none.</summary>
    public static string? SeenBy(HostUser user) => user.Roles.Contains(Gate.SysAdminRole) ? null : user.Name;

    private Task ListAsync(HttpContext context)
    {
        if (!Query.TryPage(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problem.BadRequest(fault).WriteAsync(context);
        var query = context.Request.Query;
        var found = log.Read(new AuditQuery
        {
            SeenBy = SeenBy(Gate.UserOf(context)),
            UserName = OrNull(query["user"].ToString()),
            Act = OrNull(query["act"].ToString()),
            Text = OrNull(query["text"].ToString()),
            After = after,
            Limit = limit + 1,
        });
        var page = found.Take(limit).Select(AuditView.From).ToArray();
        return ManagementApi.WriteAsync(context, new AuditPage(page, found.Count > limit ? page[^1].Id : null), ApiJson.Readable.AuditPage);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}

/// <summary>An entry of the audit list.</summary>
/// <param name="Id">Its number; later entries have higher ones.</param>
/// <param name="At">When.</param>
/// <param name="User">Who.</param>
/// <param name="Key">The name of the API key or of the application that acted for the user; null at a page.</param>
/// <param name="Act">What was done, such as <c>subscription.pause</c>.</param>
/// <param name="Subject">To what, such as <c>delivery 17</c>.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Owner">Whose it was.</param>
/// <param name="Detail">More of it.</param>
internal sealed record AuditView(long Id, DateTimeOffset At, string User, string? Key, string Act, string Subject, string? Label, string? Owner, string? Detail)
{
    public static AuditView From(AuditEntry entry) => new(
        entry.Id, entry.At, entry.UserName, entry.KeyName, entry.Act, entry.Subject.Name, entry.Subject.Label, entry.Subject.Owner, entry.Detail);
}

/// <summary>Some entries, oldest first.</summary>
/// <param name="Entries">They.</param>
/// <param name="Next">What <c>after</c> is to be for those that follow; null at the end.</param>
internal sealed record AuditPage(IReadOnlyList<AuditView> Entries, long? Next);
