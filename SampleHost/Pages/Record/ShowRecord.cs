using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Changes;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Records;
using SampleHost.Workflow;

namespace SampleHost.Pages.Record;

/// <summary>The page of one record.</summary>
internal sealed class ShowRecord(RecordStore store, ContentTypes types, RecordWorkflow workflow, ChangeLog changes, RecordPanels panels)
{
    private const int HistoryShown = 50;

    public async Task<IResult> GetAsync(HttpContext context, long id, HostUser user, string? done)
    {
        if (await store.FindVisibleAsync(id, user, context.RequestAborted) is not { } record)
            return Troubles.Gone(context, []);
        var type = types.Find(record.Type);
        var canEdit = store.CanEdit(user, record);
        // Begun first: the plugins work while the rest is read.
        var shown = panels.ListAsync(new RecordPageContext(record, user, user.Language), canEdit);
        var history = await changes.ReadOfRecordAsync(id, HistoryShown, context.RequestAborted);
        return Page.Show<RecordPage, RecordView>(context, new RecordView
        {
            Id = record.Id,
            Pid = record.Pid,
            Title = record.Title,
            Type = type?.Label.In(user.Language) ?? record.Type,
            Fields = FieldsOf(record, type, user.Language),
            Files = [.. record.Files.Select(FileView.Of)],
            Facts = FactsOf(record),
            Draft = record.Draft,
            Private = record.Private,
            WorkflowState = record.WorkflowState is { } state ? $"Workflow: {state}" : null,
            Version = record.Version,
            CanEdit = canEdit,
            WorkflowEvents = EventsOf(record, user),
            History = [.. history.Where(ChangeWords.IsWorthTelling).Select(change => ChangeWords.Tell(change, type, user.Language))],
            Panels = await shown,
            Banner = Notices.For(done),
        });
    }

    private List<OptionView> EventsOf(RecordSnapshot record, HostUser user) =>
        [.. (workflow.Of(record)?.From(record.WorkflowState) ?? [])
            // A step that takes a time is raised over the API.
            .Where(transition => !transition.Schedules && Rights.CanAct(user, record, transition.Role))
            .Select(transition => new OptionView(transition.EventName, InWords(transition.EventName)))];

    // submitAndApprove: Submit and approve.
    private static string InWords(string name) =>
        char.ToUpperInvariant(name[0]) + string.Concat(name.Skip(1).Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static List<FieldView> FieldsOf(RecordSnapshot record, ContentType? type, string language) =>
        [.. record.Fields.Select(field => type?.FindField(field.Name) is { } definition
            ? new FieldView(
                definition.Label.In(language),
                [.. field.Values.Select(value => FormFields.InWords(definition, value, language))],
                definition.Kind == FieldKind.Url)
            : new FieldView(field.Name, field.Values))];

    private static List<FieldView> FactsOf(RecordSnapshot record)
    {
        List<FieldView> facts =
        [
            new("Number", [$"{record.Id}"]),
            new("Identifier", [record.Pid]),
            new("Version", [$"{record.Version}"]),
            new("Language", [record.Language]),
            new("Owner", [record.Owner]),
        ];
        if (record.Collection is not null)
            facts.Add(new FieldView("Collection", [record.Collection]));
        facts.Add(new FieldView("Created", [$"by {record.CreatedBy}"], At: record.CreatedAt));
        facts.Add(new FieldView("Last changed", [$"by {record.ModifiedBy}"], At: record.ModifiedAt));
        return facts;
    }
}
