using System.Globalization;
using Dam.Hosting;
using SampleHost.Orders;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Registrations;

namespace SampleHost.Pages.Desk;

/// <summary>The page where users read their notices, ask and order, and where administrators decide.</summary>
internal static class DeskEndpoints
{
    private const string Path = "/desk";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context, DeskReader desk, string? done, string? order) => Page.Show<DeskPage, DeskView>(
            context, desk.Read(SignedIn.User(context)) with { Banner = Notices.For(done), OrderRecords = order ?? "" }));
        pages.MapPost(Path + "/registrations", AskAsync);
        pages.MapPost(Path + "/registrations/{id:long}", DecideRegistrationAsync);
        pages.MapPost(Path + "/orders", OrderAsync);
        pages.MapPost(Path + "/orders/{id:long}", DecideOrderAsync);
    }

    private static async Task<IResult> AskAsync(HttpContext context, PostedForms forms, RegistrationDesk desk)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        return Answer(context, await desk.AskAsync(form["collection"].ToString(), PostedForms.Text(form, "note"), SignedIn.User(context), context.RequestAborted), "asked");
    }

    private static async Task<IResult> DecideRegistrationAsync(HttpContext context, long id, PostedForms forms, RegistrationDesk desk)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        return Read(form, "grant", "reject") is { } isGranted
            ? Answer(context, await desk.DecideAsync(id, isGranted, SignedIn.User(context), ChangeOrigin.Page, context.RequestAborted), "decided")
            : Troubles.Unreadable(context, "The form does not say what to do.");
    }

    private static async Task<IResult> OrderAsync(HttpContext context, PostedForms forms, OrderDesk desk)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        var ids = new List<long>();
        foreach (var text in form["records"].ToString().Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return Troubles.Refused(context, $"“{text}” is no number of a record. Write numbers with commas between them, such as 13, 14.", Path);
            ids.Add(id);
        }

        var result = await desk.CreateAsync(ids, PostedForms.Text(form, "note"), SignedIn.User(context), ChangeOrigin.Page, context.RequestAborted);
        return Answer(context, result, "ordered");
    }

    private static async Task<IResult> DecideOrderAsync(HttpContext context, long id, PostedForms forms, OrderDesk desk)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        return Read(form, "deliver", "deny") is { } isDelivered
            ? Answer(context, await desk.DecideAsync(id, isDelivered, SignedIn.User(context), ChangeOrigin.Page, context.RequestAborted), "decided")
            : Troubles.Unreadable(context, "The form does not say what to do.");
    }

    private static bool? Read(IFormCollection form, string yes, string no) =>
        form["decision"].ToString() is var word && word == yes ? true : word == no ? false : null;

    private static IResult Answer(HttpContext context, RegistrationResult result, string done) => result switch
    {
        RegistrationResult.Done => Page.SeeOther($"{Path}?done={done}"),
        RegistrationResult.Invalid invalid => Troubles.Refused(context, invalid.Error.Message, Path),
        RegistrationResult.Refused refused => Troubles.Refused(context, refused.Reason, Path),
        RegistrationResult.Forbidden forbidden => Troubles.Forbidden(context, forbidden.Reason),
        _ => Troubles.NotFound(context),
    };

    private static IResult Answer(HttpContext context, OrderResult result, string done) => result switch
    {
        OrderResult.Done => Page.SeeOther($"{Path}?done={done}"),
        OrderResult.Invalid invalid => Troubles.Refused(context, string.Join(" ", invalid.Errors.Select(error => error.Message)), Path),
        OrderResult.Refused refused => Troubles.Refused(context, refused.Reason, Path),
        OrderResult.Forbidden forbidden => Troubles.Forbidden(context, forbidden.Reason),
        _ => Troubles.NotFound(context),
    };
}
