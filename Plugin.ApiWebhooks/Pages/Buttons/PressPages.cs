using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages.Buttons;

/// <summary>The history of presses and the page of one. For administrators; of a record also for those who may edit it, without request and answer.</summary>
internal sealed class PressPages(SettingsWatcher settings, PressLog presses, PressAccess access, IHostInformation host, TimeProvider time, PageDrawing drawing) : IDoor
{
    /// <summary>Where the history is.</summary>
    public const string Path = ButtonPages.Path + "/presses";

    private const int PageLength = 50;
    private const int MostButtons = 200;

    /// <summary>The page of a press.</summary>
    public static string HrefOf(string pressKey) => $"{Path}/{Uri.EscapeDataString(pressKey)}";

    /// <summary>The history of a button.</summary>
    public static string HrefOfButton(string key) => $"{Path}?button={Uri.EscapeDataString(key)}";

    /// <summary>The history of a record.</summary>
    public static string HrefOfRecord(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}?record={id}");

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)ListAsync);
        endpoints.MapGet(Path + "/{key}", (RequestDelegate)ShowAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        if (await drawing.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var (texts, query, isForAll) = (ButtonTexts.In(user.Language), context.Request.Query, user.Roles.Contains(Gate.AdminRole));
        string Text(string name) => query[name].ToString().Trim();
        var form = new PressFilterForm(Text("button"), Text("record"), Text("user"), PressCalls.States.Contains(Text("outcome")) ? Text("outcome") : "", isForAll ? ButtonChoices(user.Language, texts) : []);
        long? record = long.TryParse(form.Record, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (form.Record.Length > 0 && record is null)
            form = form with { RecordFault = texts.RecordIsNumber };
        if (!await access.MaySeeAsync(user, record, context.RequestAborted).ConfigureAwait(false))
        {
            await drawing.RefuseAsync(context, record is null ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound, record is null ? texts.NeedsRecord : texts.NoSuchRecord)
                .ConfigureAwait(false);
            return;
        }
        var found = form.RecordFault is not null ? [] : presses.Read(new PressFilter
        {
            ButtonKey = OrNull(form.Button),
            RecordId = record,
            UserName = OrNull(form.User),
            State = OrNull(form.Outcome),
            Before = PressCursor.Parse(Text("before")),
            Limit = PageLength + 1,
        });
        var view = new PressListView
        {
            Texts = texts,
            Words = PageTexts.In(user.Language),
            Language = user.Language,
            IsForAll = isForAll,
            Filter = form,
            Presses = [.. found.Take(PageLength).Select(press => PressRows.Of(press, PageTexts.In(user.Language)))],
            OlderHref = found.Count > PageLength ? HrefOf(form, PressCursor.Of(found[PageLength - 1]).ToString()) : null,
            NewestHref = Text("before").Length > 0 ? HrefOf(form, null) : null,
        };
        await drawing.DrawAsync<PressListPage>(context, texts.Presses, view).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = ButtonTexts.In(user.Language);
        if (await access.FindAsync(user, context.Request.RouteValues["key"]?.ToString() ?? "", context.RequestAborted).ConfigureAwait(false) is not { } press)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NoSuchPress).ConfigureAwait(false);
            return;
        }
        var isForAll = user.Roles.Contains(Gate.AdminRole);
        var view = new PressPageView
        {
            Texts = texts,
            Words = PageTexts.In(user.Language),
            Language = user.Language,
            Press = PressRows.Of(press, PageTexts.In(user.Language)),
            Sentence = PressWords.Tell(press with { Language = user.Language }, time.GetUtcNow() - press.PressedAt).Message,
            Message = press.End?.Message,
            Advice = isForAll && press.End is { } end ? texts.Advices.GetValueOrDefault(end.Outcome?.ToString() ?? "Lost") : null,
            IsForAll = isForAll,
            Facts = FactsOf(press, texts, isForAll),
            EndedAt = press.End?.EndedAt,
            Request = isForAll ? $"POST {press.Url}\n{press.Request}" : null,
            Answer = isForAll ? press.End?.Answer : null,
            AnswerType = isForAll ? press.End?.AnswerType : null,
            IsRunning = press.End is null,
        };
        await drawing.DrawAsync<PressPage>(context, string.Format(CultureInfo.InvariantCulture, texts.Press, press.ButtonLabel), view).ConfigureAwait(false);
    }

    private static List<(string, string)> FactsOf(PressLogEntry press, ButtonTexts texts, bool isForAll)
    {
        List<(string Name, string? Value)> facts =
        [
            (texts.Took, PressRows.Seconds(press.End?.Duration)),
            (texts.Status, PressRows.Answer(press)),
            (texts.PointsTo, press.End?.Location),
            (texts.Detail, press.End?.Detail),
            (texts.Pid, press.RecordPid),
        ];
        if (isForAll)
            facts.AddRange([(texts.OutcomeClass, press.End?.Outcome?.ToString()), (texts.Key, press.PressKey)]);
        return [.. facts.Where(each => !string.IsNullOrEmpty(each.Value)).Select(each => (each.Name, each.Value!))];
    }

    private List<(string, string)> ButtonChoices(string language, ButtonTexts texts)
    {
        var configured = settings.Current.Buttons;
        return
        [
            .. configured.Select(button => (button.Key, ButtonLabel.Choose(button.Text, language, host.DefaultLanguage))),
            .. presses.ReadButtonKeys(MostButtons).Where(key => configured.All(button => button.Key != key))
                .Select(key => (key, string.Format(CultureInfo.InvariantCulture, texts.FormerButton, key))),
        ];
    }

    private static string HrefOf(PressFilterForm form, string? before)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in new[] { ("button", form.Button), ("record", form.Record), ("user", form.User), ("outcome", form.Outcome), ("before", before ?? "") })
        {
            if (value.Length > 0)
                query.Add(name, value);
        }
        return Path + query;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
