using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>
/// The form on which subscriptions are made, changed and copied, in the words of their dialect, with a preview of the request. Nothing needs JavaScript: with it, faults
/// and preview follow what is typed.
/// </summary>
internal sealed class SubscriptionFormPages(
    PageRequests requests, HookDrafts drafts, StoredHooks stored, HookOptionTables options, StandingWords standing, TrialWords words, Previews previews, SecretsOnce once,
    SubscriptionAccess access, IEnumerable<IDialect> dialects, PageDrawing drawing) : IDoor
{
    private const string New = PageRequests.Path + "/new";
    private const string One = PageRequests.Path + "/{id}";
    private const string NothingIsStored = "Nothing is stored and nothing is sent.";

    private readonly HookHints _hints = new();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(New, requests.Guarded(ShowNewAsync));
        endpoints.MapPost(New, requests.Guarded((context, user) => PostAsync(context, user, null))).Audited(Acts.CreateSubscription);
        endpoints.MapPost(New + "/check", requests.Guarded((context, user) => CheckAsync(context, user, null))).Unaudited(NothingIsStored);
        endpoints.MapGet(One + "/edit", requests.OfStored((context, user, subscription, hook) => ShowAsync(context, user, new Filled(hook.Dialect, Masked(hook)) { Hook = hook, Subscription = subscription })));
        endpoints.MapPost(One + "/edit", requests.OfStored((context, user, subscription, hook) => PostAsync(context, user, (subscription, hook)))).Audited(Acts.ChangeSubscription);
        endpoints.MapPost(One + "/check", requests.OfStored((context, user, subscription, hook) => CheckAsync(context, user, (subscription, hook)))).Unaudited(NothingIsStored);
        endpoints.MapGet(One + "/duplicate", requests.OfOne(DuplicateAsync));
    }

    /// <summary>The version that a form was made of.</summary>
    public static int? VersionOf(IFormCollection form) => int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>That somebody else was first.</summary>
    public static string Stale(SubscriptionTexts texts, StoredHook current) => string.Format(CultureInfo.InvariantCulture, texts.Stale, current.ModifiedBy);

    private Task ShowNewAsync(HttpContext context, HostUser user)
    {
        var texts = SubscriptionTexts.In(user.Language);
        return FindDialect(context.Request.Query["dialect"].ToString()) is { } dialect
            ? ShowAsync(context, user, new Filled(dialect.Name, []))
            : drawing.DrawAsync<ChooseDialect>(
                context, texts.New, new ChoiceView(texts, user.Language, [.. dialects.Select(each => new DialectRow(each.Name, each.Title, each.Events.Count))]));
    }

    private Task DuplicateAsync(HttpContext context, HostUser user, SubscriptionSummary subscription)
    {
        var texts = SubscriptionTexts.In(user.Language);
        var (hook, kept) = (standing.HookOf(subscription), access.FindStored(subscription));
        var (settings, dialect) = (kept?.Settings ?? hook?.Filed?.Settings, kept?.Dialect ?? hook?.Dialect);
        if (settings is null || FindDialect(dialect!) is not { } known)
            return drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere);
        var copy = SettingsMask.Strip(settings, options.Of(known.Name), out var secrets);
        var label = copy.Select(each => each.Key).FirstOrDefault(key => key.Equals(HookOptions.Label.Key, StringComparison.OrdinalIgnoreCase)) ?? HookOptions.Label.Key;
        copy[label] = string.Format(CultureInfo.InvariantCulture, texts.CopyOf, subscription.Label);
        var notice = secrets.Count == 0 ? texts.Copied : string.Format(CultureInfo.InvariantCulture, texts.CopiedWithout, string.Join(", ", secrets));
        return ShowAsync(context, user, new Filled(known.Name, copy) { Notice = notice });
    }

    private async Task PostAsync(HttpContext context, HostUser user, (SubscriptionSummary Subscription, StoredHook Hook)? edited)
    {
        var texts = SubscriptionTexts.In(user.Language);
        var (form, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        if (form is null || FindDialect(edited?.Hook.Dialect ?? context.Request.Query["dialect"].ToString()) is not { } dialect)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status400BadRequest, texts.NotReadable).ConfigureAwait(false);
            return;
        }
        var draft = drafts.Read(form, FormOf(dialect, user), dialect, edited?.Hook, user);
        var filled = new Filled(dialect.Name, draft.Given) { Hook = edited?.Hook, Subscription = edited?.Subscription, Posted = form, Draft = draft };
        if (!isMeant)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await ShowAsync(context, user, filled with { Alarm = texts.OnceMore }).ConfigureAwait(false);
        }
        else if (form["do"] == "rows")
        {
            context.NoteNoAct();
            await ShowAsync(context, user, filled with { Draft = null }).ConfigureAwait(false);
        }
        else if (form["do"] == "preview")
        {
            context.NoteNoAct();
            await ShowAsync(context, user, filled with { IsPreview = true }).ConfigureAwait(false);
        }
        else
            await SaveAsync(context, user, filled, draft, form).ConfigureAwait(false);
    }

    private async Task SaveAsync(HttpContext context, HostUser user, Filled filled, HookDraft draft, IFormCollection form)
    {
        var (texts, hook) = (SubscriptionTexts.In(user.Language), filled.Hook);
        var result = draft.FormFaults.Count > 0 ? new StoreResult.Refused(draft.Faults)
            : hook is null ? await stored.CreateAsync(new NewStoredHook(draft.Whole, user.Name)).ConfigureAwait(false)
            : await stored.ReplaceAsync(hook.Id, new StoredHookEdit(draft.Whole, user.Name) { Extra = hook.Extra, ExpectedVersion = VersionOf(form) }).ConfigureAwait(false);
        switch (result)
        {
            case StoreResult.Refused refused:
                context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                await ShowAsync(context, user, filled with { Faults = refused.Faults, Alarm = texts.Refused }).ConfigureAwait(false);
                break;
            case StoreResult.Stale stale:
                context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
                await ShowAsync(context, user, filled with { Hook = stale.Current, Draft = null, Alarm = Stale(texts, stale.Current) }).ConfigureAwait(false);
                break;
            case StoreResult.Stored done:
                context.NoteAct(AuditedHooks.SubjectOf(done.Hook), hook is null ? AuditedHooks.Describe(done.Hook) : AuditedHooks.DescribeChange(hook.Settings, done.Hook.Settings));
                PageRequests.SeeOther(context, Done(user, done.Hook, isNew: hook is null));
                break;
            default:
                await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
                break;
        }
    }

    private string Done(HostUser user, StoredHook hook, bool isNew)
    {
        var subscription = access.Find(user, hook.Key);
        var href = subscription is null ? PageRequests.Path : PageRequests.HrefOf(subscription);
        if (!isNew)
            return href + "?notice=saved";
        var made = subscription is null ? null : standing.HookOf(subscription);
        return href + "?notice=made" + (made is { SecretIsConfigured: false, Secret: { } secret } ? "&once=" + once.Keep(user, new ShownSecret(secret.Reveal(), null, null)) : "");
    }

    // What a script asks while the form is filled in: the faults by their fields, and the preview. Nothing is stored.
    private async Task CheckAsync(HttpContext context, HostUser user, (SubscriptionSummary Subscription, StoredHook Hook)? edited)
    {
        var (form, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        if (form is null || !isMeant || FindDialect(edited?.Hook.Dialect ?? context.Request.Query["dialect"].ToString()) is not { } dialect)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var ofForm = FormOf(dialect, user);
        var draft = drafts.Read(form, ofForm, dialect, edited?.Hook, user);
        var notes = new FormNotes([.. draft.Faults.Where(fault => fault.Severity == FaultSeverity.Error)], draft.Reader.Typed);
        var fields = FormField.Flatten([.. ofForm.Fields(ofForm.Main, draft.Given, notes), .. ofForm.Fields(ofForm.Further, draft.Given, notes)]);
        var faults = fields.Where(field => field.Faults.Count > 0).Select(field => new FieldFaults(FormField.IdOf(draft.Reader.AsTyped(field.Path)), field.Faults)).ToList();
        var shown = await previews.ShowAsync(draft, form, edited?.Hook, user, context.RequestAborted).ConfigureAwait(false);
        var preview = await drawing.RenderAsync<TrialPart>(shown).ConfigureAwait(false);
        await ManagementApi.WriteAsync(context, new CheckedForm(faults, notes.Others, preview.ToString()), CheckJson.Default.CheckedForm).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext context, HostUser user, Filled filled)
    {
        var (texts, dialect, hook) = (SubscriptionTexts.In(user.Language), FindDialect(filled.Dialect), filled.Hook);
        if (dialect is null)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status409Conflict, texts.NotReadable).ConfigureAwait(false);
            return;
        }
        var form = FormOf(dialect, user);
        var notes = filled.Notes;
        var (main, further) = (form.Fields(form.Main, filled.Shown, notes), form.Fields(form.Further, filled.Shown, notes));
        var href = filled.Subscription is null ? null : PageRequests.HrefOf(filled.Subscription);
        var query = "?dialect=" + Uri.EscapeDataString(dialect.Name);
        var view = new FormView
        {
            Texts = texts,
            Language = user.Language,
            TrialTexts = TrialTexts.In(user.Language),
            Token = requests.TokenFor(context),
            Title = filled.Subscription?.Label ?? texts.New,
            Back = filled.Subscription is null ? new PageLink(PageRequests.Path, texts.Back) : new PageLink(href!, filled.Subscription.Label),
            Action = href is null ? New + query : href + "/edit",
            CheckAction = href is null ? New + "/check" + query : href + "/check",
            Dialect = dialect.Name,
            DialectTitle = dialect.Title,
            Alarm = filled.Alarm,
            Notice = filled.Notice,
            OtherFaults = notes.Others,
            Main = main,
            Further = further,
            Version = hook?.Version,
            Choice = await words.ChoiceAsync(filled.Posted, dialect.Name, user, context.RequestAborted).ConfigureAwait(false),
            Preview = filled is { IsPreview: true, Draft: { } draft, Posted: { } posted } ? await previews.ShowAsync(draft, posted, hook, user, context.RequestAborted).ConfigureAwait(false) : null,
        };
        await drawing.DrawAsync<SubscriptionForm>(context, view.Title, view).ConfigureAwait(false);
    }

    private HookForm FormOf(IDialect dialect, HostUser user) => new(dialect, _hints, SubscriptionTexts.In(user.Language).IsFrench);

    private JsonObject Masked(StoredHook hook) => SettingsMask.Mask(hook.Settings, options.Of(hook.Dialect));

    private IDialect? FindDialect(string name) => dialects.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase));

    // What the form is to show.
    private sealed record Filled(string Dialect, JsonObject Shown)
    {
        public StoredHook? Hook { get; init; }

        public SubscriptionSummary? Subscription { get; init; }

        public IFormCollection? Posted { get; init; }

        // Null: what is wrong is not told yet.
        public HookDraft? Draft { get; init; }

        public IReadOnlyList<PluginFault>? Faults { get; init; }

        public bool IsPreview { get; init; }

        public string? Alarm { get; init; }

        public string? Notice { get; init; }

        public FormNotes Notes => field ??= Draft is null ? FormNotes.None : new FormNotes(Faults ?? Draft.Faults, Draft.Reader.Typed);
    }
}

/// <summary>What is wrong with a form as it is being filled in, and what would be sent.</summary>
/// <param name="Faults">By the fields' ids; a field that is missing has none.</param>
/// <param name="Others">Those that belong to no field.</param>
/// <param name="Preview">The preview, as HTML that the page shows as it is.</param>
internal sealed record CheckedForm(IReadOnlyList<FieldFaults> Faults, IReadOnlyList<string> Others, string Preview);

/// <summary>The faults of one field.</summary>
internal sealed record FieldFaults(string Id, IReadOnlyList<string> Texts);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckedForm))]
internal sealed partial class CheckJson : JsonSerializerContext;
