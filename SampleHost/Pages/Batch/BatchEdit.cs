using System.Globalization;
using Dam.Hosting;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.Pages.Batch;

/// <summary>Edits one field of several records. Each record is a save of its own; what became of each is told.</summary>
internal sealed class BatchEdit(RecordStore store, ContentTypes types, RecordSaver saver, PostedForms forms)
{
    private const int MostRecords = 500;

    public async Task<IResult> GetAsync(HttpContext context, HostUser user)
    {
        var records = await FindAsync(context, user, context.Request.Query["ids"]);
        if (records.Count == 0)
            return NothingToEdit(context);
        var field = Common(records).FirstOrDefault(one => one.Name == context.Request.Query["field"]);
        return Draw(context, user, records, field, field is null ? [] : Shared(records, field.Name), [], null);
    }

    public async Task<IResult> PostAsync(HttpContext context, HostUser user)
    {
        var posted = await forms.ReadAsync(context);
        if (posted is PostedForm.Unreadable unreadable)
            return Troubles.Unreadable(context, unreadable.Reason);
        var form = posted is PostedForm.Good good ? good.Form : ((PostedForm.BadToken)posted).Form;
        var records = await FindAsync(context, user, form["ids"]);
        if (records.Count == 0)
            return NothingToEdit(context);
        if (Common(records).FirstOrDefault(one => one.Name == form["field"]) is not { } field || types.Find(records[0].Type) is not { } type)
            return Troubles.Unreadable(context, "The chosen field is not one that all these records have.");
        var typed = FormFields.Read(type, form).Of(field.Name);
        if (posted is PostedForm.BadToken)
            return Draw(context, user, records, field, typed, [], OpenTooLong, status: StatusCodes.Status400BadRequest);

        var values = new FieldValues { [field.Name] = typed };
        var results = new Dictionary<long, SaveResult>();
        foreach (var record in records)
        {
            long? version = long.TryParse(form[$"v.{record.Id}"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            var request = new UpdateRequest(record.Id, user, ChangeOrigin.Page) { ExpectedVersion = version, Fields = values };
            results[record.Id] = await saver.UpdateAsync(request, context.RequestAborted);
        }

        var fresh = await FindAsync(context, user, form["ids"]);
        var errors = results.Values.OfType<SaveResult.Invalid>().SelectMany(invalid => invalid.Errors).Where(error => error.Field == field.Name).Take(1).ToList();
        return Draw(context, user, fresh, field, typed, errors, Summarise(results), results);
    }

    private async Task<IReadOnlyList<RecordSnapshot>> FindAsync(HttpContext context, HostUser user, IEnumerable<string?> ids)
    {
        var wanted = ids.SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Distinct()
            .Take(MostRecords);
        var found = new List<RecordSnapshot>();
        foreach (var id in wanted)
        {
            if (await store.FindVisibleAsync(id, user, context.RequestAborted) is { } record && store.CanEdit(user, record))
                found.Add(record);
        }

        return found;
    }

    /// <summary>The fields that every record has, of the same kind; a title is each record's own.</summary>
    private List<FieldDefinition> Common(IReadOnlyList<RecordSnapshot> records)
    {
        var kinds = records.Select(record => types.Find(record.Type)).Distinct().ToList();
        if (kinds.Contains(null))
            return [];
        return [.. kinds[0]!.Fields.Where(field => field.Name != "title"
            && kinds.All(kind => kind!.FindField(field.Name) is { } other && other.Kind == field.Kind && other.Multiple == field.Multiple))];
    }

    /// <summary>The values to begin with: what the records agree on.</summary>
    private static IReadOnlyList<string> Shared(IReadOnlyList<RecordSnapshot> records, string field)
    {
        var first = FormFields.ValuesOf(records[0]).Of(field);
        return records.All(record => FormFields.ValuesOf(record).Of(field).SequenceEqual(first)) ? first : [];
    }

    private IResult Draw(
        HttpContext context, HostUser user, IReadOnlyList<RecordSnapshot> records, FieldDefinition? field, IReadOnlyList<string> values,
        IReadOnlyList<FieldError> errors, BannerView? banner, Dictionary<long, SaveResult>? results = null, int status = StatusCodes.Status200OK) =>
        Page.Show<BatchPage, BatchView>(context, new BatchView
        {
            Records = [.. records.Select(record => new BatchRecordView(
                record.Id,
                record.Title,
                record.Version,
                field is null ? null : string.Join("\n", FormFields.ValuesOf(record).Of(field.Name).Select(value => FormFields.InWords(field, value, user.Language))),
                results?.GetValueOrDefault(record.Id) is { } result ? Describe(result) : null))],
            Fields = [.. Common(records).Select(one => new OptionView(one.Name, one.Label.In(user.Language)))],
            Field = field is null ? null : FormFields.Draw(field, values, user.Language, errors),
            Banner = banner,
        }, status);

    private static BannerView Summarise(Dictionary<long, SaveResult> results)
    {
        var saved = results.Values.OfType<SaveResult.Saved>().Count();
        return saved == results.Count
            ? new BannerView { Tone = BannerTone.Good, Title = saved == 1 ? "1 record saved" : $"{saved} records saved" }
            : new BannerView { Tone = BannerTone.Care, Title = $"{saved} of {results.Count} records saved", Text = "The list below says what became of each. What you typed is still in the form." };
    }

    private static BatchOutcomeView Describe(SaveResult result) => result switch
    {
        SaveResult.Saved { Changes.Count: 0 } => new BatchOutcomeView("good", "Was so already"),
        SaveResult.Saved => new BatchOutcomeView("good", "Saved"),
        SaveResult.Stale => new BatchOutcomeView("care", "Changed meanwhile: look, then save again"),
        SaveResult.Invalid invalid => new BatchOutcomeView("bad", string.Join(" ", invalid.Errors.Select(error => error.Message))),
        SaveResult.Cancelled cancelled => new BatchOutcomeView("bad", cancelled.Reason),
        SaveResult.Forbidden => new BatchOutcomeView("bad", "You may not edit it"),
        _ => new BatchOutcomeView("bad", "Not there any more"),
    };

    private static IResult NothingToEdit(HttpContext context) =>
        Troubles.Refused(context, "None of the chosen records is there for you to edit. Tick some in the list, then press “Edit selected”.", "/");

    private static BannerView OpenTooLong { get; } = new()
    {
        Tone = BannerTone.Care,
        Title = "Please save once more",
        Text = "The page had been open for too long. Nothing was saved; what you typed stands below.",
    };
}
