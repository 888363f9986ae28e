using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Accounts;
using SampleHost.Files;
using SampleHost.Start;
using SampleHost.Storage;
using SampleHost.Workflow;

namespace SampleHost.Records;

/// <summary>Creates records. Part of <see cref="RecordSaver"/>, which is the door.</summary>
internal sealed class RecordInsert(SavePipeline pipeline, ContentTypes types, FileStore store, EmbeddedMetadata metadata)
{
    public async Task<SaveResult> RunAsync(InsertRequest request, CancellationToken cancellationToken)
    {
        var saved = false;
        try
        {
            var result = await TryAsync(request, cancellationToken);
            saved = result is SaveResult.Saved;
            return result;
        }
        finally
        {
            await store.ReleaseAsync(request.Files, saved);
        }
    }

    private async Task<SaveResult> TryAsync(InsertRequest request, CancellationToken cancellationToken)
    {
        // 1. Check.
        if (!Rights.CanInsert(request.User, request.Collection))
            return new SaveResult.Forbidden($"The user {request.User.Name} may not create records here; it takes the role {Roles.Editor}.");
        if (types.Find(request.Type) is not { } type)
            return Refuse("type", $"There is no content type '{request.Type}'. Use one of {string.Join(", ", types.All.Select(one => one.Name))}.");
        var fields = request.Fields;
        foreach (var file in request.Files)
            fields = EmbeddedMetadata.FillEmpty(type, fields, metadata.Read(file), request.TitleIsDefault);
        var check = FieldRules.Check(type, new Dictionary<string, IReadOnlyList<string>>(), fields);
        if (check.Errors.Count > 0)
            return new SaveResult.Invalid(check.Errors);
        if (FindLanguageFault(request.Language) is { } fault)
            return Refuse("language", fault);

        // 2. Ask the hooks.
        if (pipeline.Hooks.Any)
        {
            var attempt = new SaveAttempt(null, check.Values, request.User.Actor);
            if (await pipeline.Hooks.BeforeAsync(attempt, cancellationToken) is { } objection)
                return objection;
        }

        // 3. to 5. Write, commit, tell.
        return await pipeline.CommitAsync(scope => Write(scope, request, type, check.Values), cancellationToken);
    }

    private SaveResult Write(WriteScope scope, InsertRequest request, ContentType type, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
    {
        var collectionId = request.Collection is null ? null : Collections.FindId(scope.Connection, request.Collection);
        if (request.Collection is { } collection && collectionId is null)
            return Refuse("collection", $"There is no collection '{collection}'.");
        if (request.ParentId is { } parentId && RecordAccess.Refuse(request.User, ReadParent(scope.Connection, parentId)) is not null)
            return Refuse("parentId", $"There is no record {parentId} that this user may change.");

        var workflow = Workflows.Find(type.Workflow);
        var record = new RecordSnapshot
        {
            Id = 0,
            Pid = Pid.Next(),
            Type = type.Name,
            Title = values["title"][0],
            Language = request.Language ?? HostOptions.DefaultLanguage,
            Owner = request.User.Name,
            Collection = request.Collection,
            CollectionId = collectionId,
            Private = request.Private,
            Draft = request.Draft || workflow?.PublishedState is not null,
            WorkflowState = workflow?.InitialState,
            Version = 1,
            ParentId = request.ParentId,
            CreatedAt = scope.Now,
            CreatedBy = request.User.Name,
            ModifiedAt = scope.Now,
            ModifiedBy = request.User.Name,
            Fields = RecordRows.Order(types, type.Name, values),
        };
        record = record with { Id = RecordRows.Insert(scope, record, values) };
        record = record with { Files = request.Files.Select(file => RecordRows.AddFile(scope, record.Id, file)).ToList() };

        var changes = new ChangeWriter(scope, request.User, request.Via);
        changes.Append(ChangeKind.RecordInserted, record, change => change with
        {
            ChangedFields = FieldRules.Diff(type, new Dictionary<string, IReadOnlyList<string>>(), values),
        });
        foreach (var file in record.Files)
            changes.Append(ChangeKind.FileAdded, record, change => change with { File = file });
        return new SaveResult.Saved(record, changes.Changes);
    }

    private RecordSnapshot? ReadParent(DbConnection connection, long id) => RecordRows.Read(connection, types, id);

    private static SaveResult.Invalid Refuse(string field, string message) => new([new FieldError(field, message)]);

    private static string? FindLanguageFault(string? language) =>
        language is null || language.Length is >= 2 and <= 35 && language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetter(language[0])
            ? null
            : $"'{language}' is not a language tag. Write one such as en, fr or de-CH.";
}
