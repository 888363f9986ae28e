using System.Globalization;
using SampleHost.Accounts;
using SampleHost.Assets;
using SampleHost.Demo.Cms;
using SampleHost.Demo.Receiver;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;

namespace SampleHost.Demo.Look;

/// <summary>The demo receiver's page, for editors and those above: bodies received may tell of records that a viewer may not see.</summary>
internal static class CmsPageEndpoints
{
    public const string Path = "/demo/cms";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(Path).AddEndpointFilter<RouteGroupBuilder, SignedIn>();
        pages.AddEndpointFilter(async (invocation, next) => SignedIn.User(invocation.HttpContext).Roles.Contains(Roles.Editor)
            ? await next(invocation)
            : Troubles.Forbidden(invocation.HttpContext, "The demo receiver shows what editors may see. Sign in as one."));
        pages.MapGet("", (HttpContext context, string? done, CallLog log, AnswerSwitch answers, CmsCalls cms, SiteAssets assets) =>
            Page.Show<CmsPage, CmsView>(context, CmsViews.Describe(log, answers, cms, assets, done)));
        pages.MapGet("/revision", (CallLog log) => Results.Text(log.Revision.ToString(CultureInfo.InvariantCulture)));
        pages.MapPost("/answers", SwitchAsync);
        pages.MapGet("/objects/{number}/image", ShowImage);
    }

    private static async Task<IResult> SwitchAsync(HttpContext context, PostedForms forms, AnswerSwitch answers, CallLog log)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, Path);
        if (!Enum.TryParse<AnswerMode>(form["mode"], out var mode) || !Enum.IsDefined(mode))
            return Troubles.Refused(context, "There is no such way of answering.", Path);
        answers.Mode = mode;
        log.Touch();
        return Page.SeeOther(Path + "?done=switched");
    }

    private static IResult ShowImage(HttpContext context, string number, CmsCalls cms)
    {
        if (cms.FindImage(number) is not { } image)
            return Results.NotFound();
        context.Response.Headers.CacheControl = "no-cache";
        // What a browser might run is only ever downloaded.
        return FileView.InlineImages.Contains(image.MediaType)
            ? Results.Bytes(image.Content, image.MediaType)
            : Results.Bytes(image.Content, "application/octet-stream", image.Name);
    }
}
