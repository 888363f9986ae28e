using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Api;

/// <summary><c>/api/changes</c></summary>
internal static class ChangeCalls
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/changes", ListAsync);

    private static async Task<IResult> ListAsync(HttpContext context, IChangeLog log)
    {
        var user = Caller.User(context);
        if (!Rights.CanReadChangeLog(user))
            return Problems.Forbidden($"The change log shows every record, also private ones; reading it takes the role {Roles.SysAdmin}.");
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var changes = await log.ReadAfterAsync(after, limit, context.RequestAborted);
        return Results.Json(new ChangePageView(changes, changes.Count > 0 ? changes[^1].Sequence : after), ApiJson.Default.ChangePageView);
    }
}
