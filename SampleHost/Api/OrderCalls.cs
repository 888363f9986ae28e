using Dam.Hosting;
using SampleHost.Orders;

namespace SampleHost.Api;

/// <summary><c>/api/orders</c>: users order records, and administrators deliver or deny.</summary>
internal static class OrderCalls
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/orders", List);
        api.MapPost("/orders", CreateAsync);
        api.MapPost("/orders/{id:long}/deliver", (long id, HttpContext context, OrderDesk desk) => DecideAsync(id, true, context, desk));
        api.MapPost("/orders/{id:long}/deny", (long id, HttpContext context, OrderDesk desk) => DecideAsync(id, false, context, desk));
    }

    private static IResult List(HttpContext context, OrderDesk desk)
    {
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var state = context.Request.Query["state"].FirstOrDefault(text => text?.Length > 0);
        var found = desk.List(Caller.User(context), state, after, limit + 1);
        var page = found.Take(limit).Select(OrderView.From).ToList();
        return Results.Json(new OrderPageView(page, found.Count > limit ? page[^1].Id : null), ApiJson.Default.OrderPageView);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Uploads uploads, OrderDesk desk)
    {
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"records\":[13],\"note\":\"As a print, please.\"}");
        if (input is null)
            return refusal!;
        var records = input.Numbers("records");
        var note = input.Text("note");
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(await desk.CreateAsync(records, note, Caller.User(context), ChangeOrigin.Api, context.RequestAborted), 0, 201);
    }

    private static async Task<IResult> DecideAsync(long id, bool isDelivered, HttpContext context, OrderDesk desk) =>
        Answer(await desk.DecideAsync(id, isDelivered, Caller.User(context), ChangeOrigin.Api, context.RequestAborted), id, 200);

    private static IResult Answer(OrderResult result, long id, int status) => result switch
    {
        OrderResult.Done done => Results.Json(OrderView.From(done.Order), ApiJson.Default.OrderView, statusCode: status),
        OrderResult.Invalid invalid => Problems.Invalid(invalid.Errors),
        OrderResult.Refused refused => Problems.NotPossible(refused.Reason),
        OrderResult.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
        _ => Problems.Of(404, "No such order", $"There is no order {id}, or none that this caller may see."),
    };
}

/// <summary>An order as the Host API shows it.</summary>
internal sealed record OrderView(
    long Id, string User, IReadOnlyList<long> Records, string? Note, string State, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    public static OrderView From(Order order) => new(
        order.Id, order.UserName, order.RecordIds, order.Note, order.State, DateTimeOffset.FromUnixTimeMilliseconds(order.CreatedAt),
        order.DecidedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, order.DecidedBy);
}

internal sealed record OrderPageView(IReadOnlyList<OrderView> Orders, long? Next);
