using Dam.Hosting;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>Which content type the edit page shows: a record keeps its own, of an upload template it may be chosen.</summary>
internal static class EditedType
{
    /// <summary>An upload template with the type that was chosen on the page, if it was; everything else as it is.</summary>
    public static RecordSnapshot Choose(ContentTypes types, RecordSnapshot record, string? chosen) =>
        UploadTemplates.IsTemplate(record.Id) && chosen is not null && types.Find(chosen) is { } type ? record with { Type = type.Name } : record;

    /// <summary>The type with its fields, or null when the host does not know it any more.</summary>
    public static ContentType? Of(ContentTypes types, RecordSnapshot record) =>
        types.Find(record.Type) is { } type && UploadTemplates.IsTemplate(record.Id) ? UploadTemplates.WithoutDuties(type) : types.Find(record.Type);
}
