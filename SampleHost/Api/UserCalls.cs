using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Api;

/// <summary><c>/api/users</c></summary>
internal static class UserCalls
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/users", List);
        api.MapPost("/users", CreateAsync);
        api.MapGet("/users/{name}", Read);
        api.MapPatch("/users/{name}", UpdateAsync);
        api.MapDelete("/users/{name}", DeleteAsync);
    }

    private static IResult List(HttpContext context, Users users)
    {
        if (!Rights.CanListUsers(Caller.User(context)))
            return Problems.Forbidden($"Seeing the users takes the role {Roles.Admin}.");
        if (!Paging.TryRead(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var found = users.List(after, limit + 1);
        var page = found.Take(limit).Select(UserView.From).ToList();
        return Results.Json(new UserPageView(page, found.Count > limit ? page[^1].Id : null), ApiJson.Default.UserPageView);
    }

    private static IResult Read(string name, HttpContext context, Users users)
    {
        var caller = Caller.User(context);
        if (!Rights.CanListUsers(caller) && !caller.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            return Problems.Forbidden($"Seeing other users takes the role {Roles.Admin}.");
        return users.Find(name) is { } user ? Results.Json(UserView.From(user), ApiJson.Default.UserView) : NoUser(name);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Uploads uploads, Users users)
    {
        var caller = Caller.User(context);
        if (!Rights.CanManageUsers(caller))
            return MayNotManage();
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"name\":\"vera\",\"password\":\"at least eight\",\"roles\":[\"viewer\"]}");
        if (input is null)
            return refusal!;
        var user = new NewUser(input.Text("name") ?? "", input.Text("password") ?? "")
        {
            DisplayName = input.Text("displayName"),
            FirstName = input.Text("firstName"),
            LastName = input.Text("lastName"),
            Email = input.Text("email"),
            Roles = input.Texts("roles"),
            CollectionRoles = input.Fields("collectionRoles"),
        };
        input.RefuseUnknown();
        if (input.Errors.Count > 0)
            return Problems.Invalid(input.Errors);
        if (await users.CreateAsync(user, caller.Actor, ChangeOrigin.Api, context.RequestAborted) is CreateResult.Refused refused)
            return Problems.Invalid([new FieldError(refused.Field, refused.Reason)]);
        context.Response.Headers.Location = $"{HostApi.Root}/users/{Uri.EscapeDataString(user.Name)}";
        return users.Find(user.Name) is { } created ? Results.Json(UserView.From(created), ApiJson.Default.UserView, statusCode: 201) : NoUser(user.Name);
    }

    private static async Task<IResult> UpdateAsync(string name, HttpContext context, Uploads uploads, UserEdits users)
    {
        var caller = Caller.User(context);
        if (!Rights.CanManageUsers(caller))
            return MayNotManage();
        var (input, refusal) = await JsonInput.ReadAsync(context, uploads, "{\"email\":\"vera@example.org\"}");
        if (input is null)
            return refusal!;
        var edit = new UserEdit(name)
        {
            DisplayName = input.Text("displayName"),
            FirstName = Given("firstName"),
            LastName = Given("lastName"),
            Email = Given("email"),
            Roles = input.Has("roles") ? input.Texts("roles") : null,
            CollectionRoles = input.Has("collectionRoles") ? input.Fields("collectionRoles") : null,
        };
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(await users.UpdateAsync(edit, caller.Actor, ChangeOrigin.Api, context.RequestAborted), name);

        Named? Given(string property) => input.Has(property) ? new Named(input.Text(property)) : null;
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, UserEdits users)
    {
        var caller = Caller.User(context);
        if (!Rights.CanManageUsers(caller))
            return MayNotManage();
        var result = await users.DeleteAsync(name, caller.Actor, ChangeOrigin.Api, context.RequestAborted);
        return result is UserResult.Saved ? Results.NoContent() : Answer(result, name);
    }

    private static IResult Answer(UserResult result, string name) => result switch
    {
        UserResult.Saved saved => Results.Json(UserView.From(saved.User), ApiJson.Default.UserView),
        UserResult.Invalid invalid => Problems.Invalid(invalid.Errors),
        UserResult.Refused refused => Problems.NotPossible(refused.Reason),
        _ => NoUser(name),
    };

    private static IResult NoUser(string name) => Problems.Of(404, "No such user", $"There is no user {name}.");

    private static IResult MayNotManage() => Problems.Forbidden($"Creating, changing and deleting users takes the role {Roles.SysAdmin}.");
}

/// <summary>A user as the Host API shows him. Roles come with those they imply.</summary>
internal sealed record UserView(
    long Id, string Name, string DisplayName, string? FirstName, string? LastName, string? Email, IReadOnlyList<string> Roles,
    IReadOnlyDictionary<string, IReadOnlyList<string>> CollectionRoles)
{
    public static UserView From(HostUser user) => new(
        user.Id ?? 0, user.Name, user.DisplayName, user.FirstName, user.LastName, user.Email, InOrder(user.Roles),
        user.CollectionRoles.ToDictionary(pair => pair.Key, pair => InOrder(pair.Value)));

    private static IReadOnlyList<string> InOrder(IReadOnlySet<string> roles) => [.. Accounts.Roles.All.Where(roles.Contains)];
}

/// <summary>A page of users; <c>next</c> is what to give as <c>after</c> for the following page, null at the end.</summary>
internal sealed record UserPageView(IReadOnlyList<UserView> Users, long? Next);
