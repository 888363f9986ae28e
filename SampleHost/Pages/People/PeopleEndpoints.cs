using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;

namespace SampleHost.Pages.People;

/// <summary>The page of the users, for system administrators.</summary>
internal static class PeopleEndpoints
{
    private const string Path = "/users";
    private const int PageLength = 100;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context, Users users, string? done, long after = 0) => Draw(context, users, after, Notices.For(done)));
        pages.MapPost(Path, AddAsync);
        pages.MapGet(Path + "/{name}/delete", AskDelete);
        pages.MapPost(Path + "/{name}/delete", DeleteAsync);
    }

    private static IResult Draw(HttpContext context, Users users, long after, BannerView? banner, PersonForm? form = null, int status = StatusCodes.Status200OK)
    {
        var user = SignedIn.User(context);
        if (!Rights.CanManageUsers(user))
            return Forbidden(context);
        var found = users.List(Math.Max(0, after), PageLength + 1);
        var view = new PeopleView
        {
            People = [.. found.Take(PageLength).Select(one => Describe(one, user))],
            NextHref = found.Count > PageLength ? $"{Path}?after={found[PageLength - 1].Id}" : null,
            Roles = Roles.All,
            Banner = banner,
        };
        return Page.Show<PeoplePage, PeopleView>(context, form is null ? view : view with { Form = form }, status);
    }

    private static async Task<IResult> AddAsync(HttpContext context, PostedForms forms, Users users)
    {
        var user = SignedIn.User(context);
        if (!Rights.CanManageUsers(user))
            return Forbidden(context);
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        var added = new NewUser(form["name"].ToString().Trim(), form["password"].ToString())
        {
            DisplayName = Text("displayName"),
            FirstName = Text("firstName"),
            LastName = Text("lastName"),
            Email = Text("email"),
            Roles = Text("role") is { } role ? [role] : [],
        };
        if (await users.CreateAsync(added, user.Actor, ChangeOrigin.Page, context.RequestAborted) is not CreateResult.Refused refused)
            return Page.SeeOther($"{Path}?done=useradded");
        var typed = new PersonForm(
            added.Name, added.DisplayName ?? "", added.FirstName ?? "", added.LastName ?? "", added.Email ?? "", form["role"].ToString());
        var banner = new BannerView { Tone = BannerTone.Bad, Title = "Not added", Text = $"{refused.Reason} What you typed stands below, except for the password." };
        return Draw(context, users, 0, banner, typed, StatusCodes.Status422UnprocessableEntity);

        string? Text(string name) => PostedForms.Text(form, name)?.Trim() is { Length: > 0 } text ? text : null;
    }

    private static IResult AskDelete(HttpContext context, string name, Users users)
    {
        if (!Rights.CanManageUsers(SignedIn.User(context)))
            return Forbidden(context);
        if (users.Find(name) is not { } found)
            return Troubles.NotFound(context);
        return Page.Show<ConfirmPage, ConfirmView>(context, new ConfirmView
        {
            Question = $"Delete the user “{found.Name}”?",
            Text = $"{found.DisplayName} is signed out everywhere at once, and API keys of this user end. Records stay as they are. The user name cannot be given to anybody else later.",
            Action = $"{Path}/{Uri.EscapeDataString(found.Name)}/delete",
            Yes = "Delete user",
            BackHref = Path,
        });
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string name, PostedForms forms, UserEdits users)
    {
        var user = SignedIn.User(context);
        if (!Rights.CanManageUsers(user))
            return Forbidden(context);
        if (await forms.ReadAsync(context) is not PostedForm.Good)
            return Troubles.StaleForm(context, Path);
        return await users.DeleteAsync(name, user.Actor, ChangeOrigin.Page, context.RequestAborted) switch
        {
            UserResult.Saved => Page.SeeOther($"{Path}?done=userdeleted"),
            UserResult.Refused refused => Troubles.Refused(context, refused.Reason, Path),
            _ => Troubles.NotFound(context),
        };
    }

    private static IResult Forbidden(HttpContext context) => Troubles.Forbidden(context, "Only system administrators manage users.");

    private static PersonView Describe(HostUser person, HostUser viewer) => new(
        person.Name,
        person.DisplayName,
        person.Email,
        Highest(person.Roles),
        [.. person.CollectionRoles.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Highest(pair.Value)} in {pair.Key}")],
        person.Id == viewer.Id ? null : $"{Path}/{Uri.EscapeDataString(person.Name)}/delete");

    private static string? Highest(IReadOnlySet<string> roles) => Roles.All.LastOrDefault(roles.Contains);
}
