using SampleHost.Accounts;

namespace SampleHost.Api;

/// <summary><c>/api/collections</c></summary>
internal static class CollectionCalls
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/collections", (Collections collections) =>
            Results.Json(new CollectionListView(collections.All()), ApiJson.Default.CollectionListView));
        api.MapPost("/collections", CreateAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Uploads uploads, Collections collections)
    {
        if (!Rights.CanCreateCollection(Caller.User(context)))
            return Problems.Forbidden($"Creating a collection takes the role {Roles.Admin}.");
        if (await uploads.ReadJsonOnlyAsync(context) is not { } json)
            return Problems.BadRequest("Send a JSON body, such as {\"name\":\"maps\",\"label\":\"Maps\"}.");
        var (input, fault) = JsonInput.Parse(json);
        if (input is null)
            return Problems.BadRequest(fault!);
        var name = input.Text("name") ?? "";
        var label = input.Text("label") ?? "";
        input.RefuseUnknown();
        if (input.Errors.Count > 0)
            return Problems.Invalid(input.Errors);
        return await collections.CreateAsync(name, label, context.RequestAborted) switch
        {
            CreateResult.Created created => Results.Json(
                new Collection { Id = created.Id, Name = name, Label = label.Length > 0 ? label : name }, ApiJson.Default.Collection, statusCode: 201),
            CreateResult.Refused refused => Problems.Invalid([new Dam.Hosting.FieldError("name", refused.Reason)]),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no way in which creating a collection ends."),
        };
    }
}
