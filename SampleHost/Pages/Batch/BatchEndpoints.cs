using SampleHost.Pages.Account;

namespace SampleHost.Pages.Batch;

/// <summary>The address of the batch page: <c>/records/edit?ids=1,2,3</c>.</summary>
internal static class BatchEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/records/edit", (HttpContext context, BatchEdit batch) => batch.GetAsync(context, SignedIn.User(context)));
        pages.MapPost("/records/edit", (HttpContext context, BatchEdit batch) => batch.PostAsync(context, SignedIn.User(context)));
    }
}
