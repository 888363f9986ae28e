using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages.Buttons;

/// <summary>The page of all buttons: how each looks, where and for whom it stands, and who would see what on a record.</summary>
internal sealed class ButtonPages(SettingsWatcher settings, PressLog presses, IRecordReader records, IUserDirectory users, IHostInformation host, PageDrawing drawing) : IDoor
{
    /// <summary>Where the page is.</summary>
    public const string Path = PageDrawing.Root + "/buttons";

    // The roles that every host has, each implying those before it: HostUser.Roles.
    private static readonly string[] Roles = ["viewer", "editor", "admin", "sysadmin"];

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, (RequestDelegate)ShowAsync);

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = ButtonTexts.In(user.Language);
        var (form, answer) = await CheckAsync(context, user, texts).ConfigureAwait(false);
        var view = new ButtonsView
        {
            Texts = texts,
            Language = user.Language,
            Buttons = [.. settings.Current.Buttons.Select(button => CardOf(button, user.Language, texts))],
            Check = form,
            Answer = answer,
        };
        await drawing.DrawAsync<ButtonsPage>(context, texts.Title, view).ConfigureAwait(false);
    }

    private ButtonCard CardOf(ButtonSettings button, string language, ButtonTexts texts)
    {
        var isNowhere = button.Location != EditPageContext.EditLocation;
        var seconds = button.Timeout.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
        return new ButtonCard
        {
            Key = button.Key,
            Label = Choose(button.Text, language),
            Labels = [.. ButtonLabel.LanguagesOf(button.Text).Select(each => (each, Choose(button.Text, each)))],
            Confirm = button.Confirm is { } question ? Choose(question, language) : null,
            Where = isNowhere ? Fill(texts.Nowhere, button.Location) : texts.OnEditPage,
            IsShownNowhere = isNowhere,
            ForWhom =
            [
                button.Roles.Count == 0 ? texts.Everybody : Fill(texts.OnlyRoles, string.Join(", ", button.Roles)),
                button.Types.Count == 0 ? texts.AllTypes : Fill(texts.OnlyTypes, string.Join(", ", button.Types)),
            ],
            Address = AddressRules.Shown(button.Url),
            Request = Fill(button.Body == ButtonBody.Json ? texts.SendsJson : texts.SendsId, seconds),
            Signing = button.Secret is null ? new MarkView(Tone.Plain, texts.NotSigned) : new MarkView(Tone.Good, texts.Signed),
            LatestPress = presses.Read(new PressFilter { ButtonKey = button.Key, Limit = 1 }) is [var press] ? PressRows.Of(press, PageTexts.In(language)) : null,
            PressesHref = PressPages.HrefOfButton(button.Key),
        };
    }

    private async Task<(VisibilityForm Form, VisibilityAnswer? Answer)> CheckAsync(HttpContext context, HostUser reader, ButtonTexts texts)
    {
        var query = context.Request.Query;
        string[] roles = [.. Roles, .. settings.Current.Buttons.SelectMany(button => button.Roles).Select(role => role.Trim().ToLowerInvariant()).Where(role => role.Length > 0).Distinct().Except(Roles)];
        var role = roles.Contains(query["role"].ToString()) ? query["role"].ToString() : "editor";
        var form = new VisibilityForm(query["record"].ToString().Trim(), role, query["user"].ToString().Trim(), roles);
        if (!query.ContainsKey("record"))
            return (form, null);
        if (!long.TryParse(form.Record, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            form = form with { RecordFault = texts.RecordIsNumber };
        // One that the reader may not see is not there.
        var record = form.RecordFault is null && await records.FindAsync(id, context.RequestAborted).ConfigureAwait(false) is { } found && records.CanSee(reader, found) ? found : null;
        if (record is null)
            form = form with { RecordFault = form.RecordFault ?? texts.NoSuchRecord };
        var who = form.User.Length == 0 ? Somebody(role, reader.Language) : await users.FindAsync(form.User, context.RequestAborted).ConfigureAwait(false);
        if (who is null)
            form = form with { UserFault = texts.NoSuchUser };
        return (form, record is null || who is null ? null : Answer(record, who, form, reader.Language, texts));
    }

    private VisibilityAnswer Answer(RecordSnapshot record, HostUser who, VisibilityForm form, string language, ButtonTexts texts)
    {
        var name = form.User.Length == 0 ? Fill(texts.SomebodyWithRole, form.Role) : who.DisplayName;
        if (!records.CanEdit(who, record))
            return new VisibilityAnswer(Fill(texts.MayNotEdit, name, record.Title, record.Type), [], []);
        var page = new EditPageContext(record, who, EditPageContext.EditLocation, language, host.DefaultLanguage);
        var all = settings.Current.Buttons.Select(button => (Label: Choose(button.Text, language), Obstacle: ButtonVisibility.FindObstacle(button, page))).ToList();
        List<string> shown = [.. all.Where(each => each.Obstacle is null).Select(each => each.Label)];
        List<(string, string)> hidden =
        [
            .. all.Where(each => each.Obstacle is not null).Select(each => (each.Label, each.Obstacle switch
            {
                ButtonVisibility.Obstacle.Location => texts.WrongPlace,
                ButtonVisibility.Obstacle.Type => Fill(texts.WrongType, record.Type),
                _ => texts.WrongRole,
            })),
        ];
        return new VisibilityAnswer(Fill(shown.Count == 0 ? texts.SeesNone : texts.Sees, name, record.Title, record.Type), shown, hidden);
    }

    // A user of no name who has a role everywhere, with what it implies.
    private static HostUser Somebody(string role, string language)
    {
        var rank = Array.IndexOf(Roles, role);
        return new HostUser { Name = "", DisplayName = "", Language = language, Roles = (rank < 0 ? [role] : Roles.Take(rank + 1)).ToHashSet() };
    }

    private string Choose(string text, string language) => ButtonLabel.Choose(text, language, host.DefaultLanguage);

    private static string Fill(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}
