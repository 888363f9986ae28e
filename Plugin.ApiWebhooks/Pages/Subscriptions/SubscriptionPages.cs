using System.Globalization;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>
/// The pages on which subscriptions are made, changed and deleted, with a form in the words of their dialect. Nothing needs JavaScript. Those of config.json are
/// shown, not changed.
/// </summary>
internal sealed class SubscriptionPages(
    StoredHooks stored, SubscriptionAccess access, HookOptionTables options, SettingsWatcher settings, IEnumerable<IDialect> dialects, PageDrawing drawing, Gate gate,
    IAntiforgery antiforgery) : IDoor
{
    /// <summary>Where the pages are.</summary>
    public const string Path = PageDrawing.Root + "/subscriptions";

    private const long MostBytes = 2 * 1024 * 1024;

    private readonly HookHints _hints = new();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path + "/new", Guarded(ShowNewAsync));
        endpoints.MapPost(Path + "/new", Guarded((context, user) => PostAsync(context, user, null))).Audited(Acts.CreateSubscription);
        endpoints.MapGet(Path + "/{id}", Guarded(ShowAsync));
        endpoints.MapPost(Path + "/{id}", Guarded((context, user) => OfStoredAsync(context, user, (summary, hook) => PostAsync(context, user, hook)))).Audited(Acts.ChangeSubscription);
        endpoints.MapGet(Path + "/{id}/delete", Guarded((context, user) => OfStoredAsync(context, user, (summary, hook) => AskAsync(context, user, summary, hook, null))));
        endpoints.MapPost(Path + "/{id}/delete", Guarded((context, user) => OfStoredAsync(context, user, (summary, hook) => DeleteAsync(context, user, summary, hook)))).Audited(Acts.DeleteSubscription);
    }

    private RequestDelegate Guarded(Func<HttpContext, HostUser, Task> show) => async context =>
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        context.Response.Headers.CacheControl = "no-store";
        await show(context, user).ConfigureAwait(false);
    };

    private Task ShowNewAsync(HttpContext context, HostUser user)
    {
        var texts = SubscriptionTexts.In(user.Language);
        if (FindDialect(context.Request.Query["dialect"].ToString()) is { } dialect)
            return DrawAsync(context, user, dialect, [], FormNotes.None, null, view => view);
        return drawing.DrawAsync<ChooseDialect>(
            context, texts.New, new ChoiceView(texts, PageAssets.Style, [.. dialects.Select(each => new DialectRow(each.Name, each.Title, each.Events.Count))]));
    }

    private async Task ShowAsync(HttpContext context, HostUser user)
    {
        var texts = SubscriptionTexts.In(user.Language);
        if (access.Find(user, IdOf(context)) is not { } summary)
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
        else if (access.FindStored(summary) is { } hook && FindDialect(hook.Dialect) is { } dialect)
            await DrawAsync(context, user, dialect, SettingsMask.Mask(hook.Settings, options.Of(hook.Dialect)), FormNotes.None, hook, view => view).ConfigureAwait(false);
        else
            await drawing.DrawAsync<FiledSubscription>(context, summary.Label, Describe(summary, texts, PageTexts.In(user.Language))).ConfigureAwait(false);
    }

    private async Task OfStoredAsync(HttpContext context, HostUser user, Func<SubscriptionSummary, StoredHook, Task> show)
    {
        var texts = SubscriptionTexts.In(user.Language);
        if (access.Find(user, IdOf(context)) is not { } summary)
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
        else if (access.FindStored(summary) is not { } hook)
            await drawing.RefuseAsync(context, StatusCodes.Status409Conflict, texts.InFile).ConfigureAwait(false);
        else
            await show(summary, hook).ConfigureAwait(false);
    }

    // Makes a subscription, or saves the one given.
    private async Task PostAsync(HttpContext context, HostUser user, StoredHook? hook)
    {
        var texts = SubscriptionTexts.In(user.Language);
        if (FindDialect(hook?.Dialect ?? context.Request.Query["dialect"].ToString()) is not { } dialect || await ReadFormAsync(context).ConfigureAwait(false) is not { } form)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status400BadRequest, texts.NotReadable).ConfigureAwait(false);
            return;
        }
        var ofForm = new HookForm(dialect, _hints);
        var reader = new HookFormReader(form);
        var given = reader.Read([.. ofForm.Main, .. ofForm.Further]);
        given["dialect"] = dialect.Name;
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            await ShowAgainAsync(StatusCodes.Status400BadRequest, [], texts.OnceMore).ConfigureAwait(false);
            return;
        }
        if (form["do"] == "rows")
        {
            context.NoteNoAct();
            await ShowAgainAsync(StatusCodes.Status200OK, [], null).ConfigureAwait(false);
            return;
        }
        var known = options.Of(dialect.Name);
        var whole = hook is null ? given : SettingsMask.Unmask(given, hook.Settings, known);
        List<PluginFault> faults = [.. reader.Faults, .. SettingsMask.FindStars(whole, known).Select(place => new PluginFault(FaultSeverity.Error, place, texts.StarsOnly, ""))];
        var result = faults.Count > 0 ? new StoreResult.Refused([.. faults, .. Check(whole, user, reader)])
            : hook is null ? await stored.CreateAsync(new NewStoredHook(whole, user.Name)).ConfigureAwait(false)
            : await stored.ReplaceAsync(hook.Id, new StoredHookEdit(whole, user.Name) { Extra = hook.Extra, ExpectedVersion = VersionOf(form) }).ConfigureAwait(false);
        switch (result)
        {
            case StoreResult.Refused refused:
                await ShowAgainAsync(StatusCodes.Status422UnprocessableEntity, refused.Faults, texts.Refused).ConfigureAwait(false);
                break;
            case StoreResult.Stale stale:
                hook = stale.Current;
                await ShowAgainAsync(StatusCodes.Status412PreconditionFailed, [], string.Format(CultureInfo.InvariantCulture, texts.Stale, stale.Current.ModifiedBy)).ConfigureAwait(false);
                break;
            case StoreResult.Stored done:
                context.NoteAct(AuditedHooks.SubjectOf(done.Hook), hook is null ? AuditedHooks.Describe(done.Hook) : AuditedHooks.DescribeChange(hook.Settings, done.Hook.Settings));
                await ShowStoredAsync(context, user, dialect, done.Hook, isNew: hook is null).ConfigureAwait(false);
                break;
            default:
                await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
                break;
        }

        Task ShowAgainAsync(int status, IReadOnlyList<PluginFault> found, string? alarm)
        {
            context.Response.StatusCode = status;
            return DrawAsync(context, user, dialect, given, new FormNotes(found, reader.Typed), hook, view => view with { Alarm = alarm });
        }
    }

    // With what the form itself could not read, the rest is looked at too: all faults at once.
    private IEnumerable<PluginFault> Check(JsonObject whole, HostUser user, HookFormReader reader) =>
        stored.Check(new NewStoredHook(whole, user.Name)).Faults.Where(fault => !reader.Typed.ContainsKey(fault.Place));

    private Task ShowStoredAsync(HttpContext context, HostUser user, IDialect dialect, StoredHook hook, bool isNew)
    {
        var texts = SubscriptionTexts.In(user.Language);
        var secret = isNew ? settings.Current.Hooks.FirstOrDefault(each => each.Key == hook.Key) is { SecretIsConfigured: false } made ? made.Secret?.Reveal() : null : null;
        return DrawAsync(
            context, user, dialect, SettingsMask.Mask(hook.Settings, options.Of(hook.Dialect)), FormNotes.None, hook,
            view => view with { Notice = isNew ? texts.Made : texts.Saved, Secret = secret });
    }

    private Task DrawAsync(HttpContext context, HostUser user, IDialect dialect, JsonObject shown, FormNotes notes, StoredHook? hook, Func<FormView, FormView> shape)
    {
        var (texts, tokens) = (SubscriptionTexts.In(user.Language), antiforgery.GetAndStoreTokens(context));
        var form = new HookForm(dialect, _hints);
        var (main, further) = (form.Fields(form.Main, shown, notes), form.Fields(form.Further, shown, notes));
        var href = hook is null ? null : $"{Path}/{hook.Id:D}";
        var view = new FormView
        {
            Texts = texts,
            StyleHref = PageAssets.Style,
            TokenName = tokens.FormFieldName,
            Token = tokens.RequestToken ?? "",
            Title = hook?.Settings is { } kept && HookForm.Find(kept, HookOptions.Label)?.ToString() is { } label ? label : texts.New,
            Action = href ?? $"{Path}/new?dialect={Uri.EscapeDataString(dialect.Name)}",
            Dialect = dialect.Name,
            DialectTitle = dialect.Title,
            OtherFaults = notes.Others,
            Main = main,
            Further = further,
            Version = hook?.Version,
            DeleteHref = href is null ? null : href + "/delete",
        };
        view = shape(view);
        return drawing.DrawAsync<SubscriptionForm>(context, view.Title, view);
    }

    private Task AskAsync(HttpContext context, HostUser user, SubscriptionSummary summary, StoredHook hook, string? alarm)
    {
        var (texts, tokens) = (SubscriptionTexts.In(user.Language), antiforgery.GetAndStoreTokens(context));
        var href = $"{Path}/{hook.Id:D}";
        return drawing.DrawAsync<DeleteSubscription>(
            context, texts.Delete,
            new DeleteView(texts, PageAssets.Style, tokens.FormFieldName, tokens.RequestToken ?? "", summary.Label, href + "/delete", href, hook.Version)
            {
                Owed = summary.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held),
                Alarm = alarm,
            });
    }

    private async Task DeleteAsync(HttpContext context, HostUser user, SubscriptionSummary summary, StoredHook hook)
    {
        var texts = SubscriptionTexts.In(user.Language);
        var form = await ReadFormAsync(context).ConfigureAwait(false);
        if (form is null || !await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await AskAsync(context, user, summary, hook, texts.OnceMore).ConfigureAwait(false);
        }
        else if (VersionOf(form) != hook.Version)
        {
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            await AskAsync(context, user, summary, hook, string.Format(CultureInfo.InvariantCulture, texts.Stale, hook.ModifiedBy)).ConfigureAwait(false);
        }
        else
        {
            if (await stored.DeleteForNowAsync(hook, user.Name).ConfigureAwait(false) is not null)
                context.NoteAct(AuditedHooks.SubjectOf(hook));
            else
                context.NoteNoAct();
            context.Response.Redirect(PageDrawing.Root + "/");
        }
    }

    private FiledView Describe(SubscriptionSummary summary, SubscriptionTexts texts, PageTexts pageTexts)
    {
        var hook = settings.Current.Hooks.FirstOrDefault(each => each.Key == summary.Key);
        var facts = new List<(string, string)> { (texts.Key, summary.Key), (pageTexts.State, pageTexts.StateOf(StateNames.Of(summary.State))) };
        if (hook is not null)
        {
            facts.Add((pageTexts.Dialect, hook.Dialect));
            facts.Add((pageTexts.Address, ShownUrl.Of(hook.Url)));
        }
        return new FiledView(texts, PageAssets.Style, summary.Label, facts);
    }

    private IDialect? FindDialect(string name) => dialects.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase));

    private static string IdOf(HttpContext context) => context.Request.RouteValues["id"]?.ToString() ?? "";

    private static int? VersionOf(IFormCollection form) => int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > MostBytes)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }
}
