using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Buttons;

namespace Plugin.ApiWebhooks.Api;

/// <summary>The management calls for presses of buttons: for administrators, and for those who may edit the record.</summary>
internal sealed class PressCalls(PressLog presses, PressAccess access, IHostIdentity identity)
{
    /// <summary>The states of a press by their names.</summary>
    public static readonly IReadOnlyList<string> States = ["running", "succeeded", "failed", "unknown"];

    private const int DefaultLimit = 50;
    private const int HighestLimit = 500;

    /// <summary>Maps the calls.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="root">The path of the management API.</param>
    public void Map(IEndpointRouteBuilder endpoints, string root)
    {
        endpoints.MapGet($"{root}/presses", (RequestDelegate)ListAsync);
        endpoints.MapGet($"{root}/presses/{{key}}", (RequestDelegate)ShowAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            await Problem.NotSignedIn.WriteAsync(context).ConfigureAwait(false);
        else if (!TryRead(context.Request, out var filter, out var fault))
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
        else if (!await access.MaySeeAsync(user, filter.RecordId, context.RequestAborted).ConfigureAwait(false))
            await (filter.RecordId is { } id
                ? Problem.NotFound($"There is no record {id}, or none that this caller may edit.")
                : Problem.Forbidden("Name a record that you may edit: ?record=ID. The presses of all records are for administrators.")).WriteAsync(context).ConfigureAwait(false);
        else
        {
            var found = presses.Read(filter with { Limit = filter.Limit + 1 });
            var page = found.Take(filter.Limit).Select(entry => PressView.From(entry, user.Roles.Contains(Gate.AdminRole))).ToArray();
            var next = found.Count > filter.Limit ? PressCursor.Of(found[filter.Limit - 1]).ToString() : null;
            await ManagementApi.WriteAsync(context, new PressList(page, next), ApiJson.Readable.PressList).ConfigureAwait(false);
        }
    }

    private async Task ShowAsync(HttpContext context)
    {
        var key = context.Request.RouteValues["key"]?.ToString() ?? "";
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            await Problem.NotSignedIn.WriteAsync(context).ConfigureAwait(false);
        else if (await access.FindAsync(user, key, context.RequestAborted).ConfigureAwait(false) is not { } press)
            await Problem.NotFound($"There is no press {key}, or none on a record that this caller may edit.").WriteAsync(context).ConfigureAwait(false);
        else
            await ManagementApi.WriteAsync(context, PressView.From(press, user.Roles.Contains(Gate.AdminRole)), ApiJson.Readable.PressView).ConfigureAwait(false);
    }

    private static bool TryRead(HttpRequest request, out PressFilter filter, out string fault)
    {
        var query = request.Query;
        filter = new PressFilter { Limit = DefaultLimit };
        if (!Query.TryPage(request, DefaultLimit, HighestLimit, out _, out var limit, out fault) || !Query.TryNumber(query, "record", out var record, out fault, signed: true))
            return false;
        var (before, state) = (Text("before"), Text("outcome"));
        filter = new PressFilter
        {
            Limit = limit, RecordId = record, ButtonKey = Text("button"), UserName = Text("user"), State = state, Before = before is null ? null : PressCursor.Parse(before),
        };
        if (state is not null && !States.Contains(state))
            fault = $"The parameter outcome must be one of: {string.Join(", ", States)}.";
        else if (before is not null && filter.Before is null)
            fault = "The parameter before must be what the former page gave as next.";
        return fault.Length == 0;

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }
}
