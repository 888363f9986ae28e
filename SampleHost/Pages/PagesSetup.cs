using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dam.Hosting;
using SampleHost.Assets;
using SampleHost.EditPage;
using SampleHost.Pages.Account;
using SampleHost.Pages.Batch;
using SampleHost.Pages.Browse;
using SampleHost.Pages.Desk;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Manager;
using SampleHost.Pages.People;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Pages.Upload;

namespace SampleHost.Pages;

/// <summary>Puts the pages into the host.</summary>
internal static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options => options.Cookie.Name = "dam.antiforgery");
        // Letters of every script as they are; what HTML needs encoded still is.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<SiteAssets>();
        services.AddSingleton<PageFrame>();
        services.AddSingleton<IPageFrame>(provider => provider.GetRequiredService<PageFrame>());
        services.AddSingleton<PostedForms>();
        services.AddSingleton<PageErrors>();
        services.AddSingleton<SignInForm>();
        services.AddSingleton<RecordPanels>();
        services.AddSingleton<ShowRecord>();
        services.AddSingleton<NewRecord>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<NewUpload>();
        services.AddSingleton<EditButtons>();
        services.AddSingleton<EditRecord>();
        services.AddSingleton<Conflicts>();
        services.AddSingleton<EditPost>();
        services.AddSingleton<BatchEdit>();
        services.AddSingleton<DeskReader>();
        return services;
    }

    /// <summary>Headers and error pages. Comes before everything that answers.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.Use(next => context => PageHeaders.SetAsync(context, next));
        var errors = app.Services.GetRequiredService<PageErrors>();
        app.Use(next => context => errors.InvokeAsync(context, next));
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapMethods("/assets/{name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, string name, SiteAssets assets) => assets.Serve(context, name));
        AccountEndpoints.Map(app);
        var pages = app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, SignedIn>();
        BrowseEndpoints.Map(pages);
        RecordEndpoints.Map(pages);
        UploadEndpoints.Map(pages);
        EditEndpoints.Map(pages);
        BatchEndpoints.Map(pages);
        DeskEndpoints.Map(pages);
        PeopleEndpoints.Map(pages);
        PluginsEndpoints.Map(pages);
    }
}
