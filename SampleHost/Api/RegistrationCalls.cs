using Dam.Hosting;
using SampleHost.Registrations;

namespace SampleHost.Api;

/// <summary><c>/api/registrations</c>: users ask for access to collections, and administrators decide.</summary>
internal static class RegistrationCalls
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/registrations", List);
        api.MapPost("/registrations", AskAsync);
        api.MapPost("/registrations/{id:long}/grant", (long id, HttpContext context, RegistrationDesk desk) => DecideAsync(id, true, context, desk));
        api.MapPost("/registrations/{id:long}/reject", (long id, HttpContext context, RegistrationDesk desk) => DecideAsync(id, false, context, desk));
    }

    private static IResult List(HttpContext context, RegistrationDesk desk)
    {
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var state = context.Request.Query["state"].FirstOrDefault(text => text?.Length > 0);
        var found = desk.List(Caller.User(context), state, after, limit + 1);
        var page = found.Take(limit).Select(RegistrationView.From).ToList();
        return Results.Json(new RegistrationPageView(page, found.Count > limit ? page[^1].Id : null), ApiJson.Default.RegistrationPageView);
    }

    private static async Task<IResult> AskAsync(HttpContext context, Uploads uploads, RegistrationDesk desk)
    {
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"collection\":\"maps\"}");
        if (input is null)
            return refusal!;
        var collection = input.Text("collection") ?? "";
        var note = input.Text("note");
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(await desk.AskAsync(collection, note, Caller.User(context), context.RequestAborted), 0, 201);
    }

    private static async Task<IResult> DecideAsync(long id, bool isGranted, HttpContext context, RegistrationDesk desk) =>
        Answer(await desk.DecideAsync(id, isGranted, Caller.User(context), ChangeOrigin.Api, context.RequestAborted), id, 200);

    private static IResult Answer(RegistrationResult result, long id, int status) => result switch
    {
        RegistrationResult.Done done => Results.Json(RegistrationView.From(done.Registration), ApiJson.Default.RegistrationView, statusCode: status),
        RegistrationResult.Invalid invalid => Problems.Invalid([invalid.Error]),
        RegistrationResult.Refused refused => Problems.NotPossible(refused.Reason),
        RegistrationResult.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
        _ => Problems.Of(404, "No such registration", $"There is no registration {id}, or none that this caller may see."),
    };
}

/// <summary>A registration as the Host API shows it.</summary>
internal sealed record RegistrationView(
    long Id, string User, string Collection, string? Note, string State, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    public static RegistrationView From(Registration registration) => new(
        registration.Id, registration.UserName, registration.Collection, registration.Note, registration.State,
        DateTimeOffset.FromUnixTimeMilliseconds(registration.CreatedAt),
        registration.DecidedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, registration.DecidedBy);
}

internal sealed record RegistrationPageView(IReadOnlyList<RegistrationView> Registrations, long? Next);
