using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>
/// What a user wants the records of the next upload to begin with. It is drawn, read and saved like a record, under the user's id below zero, as
/// ResourceSpace numbers its upload templates; buttons stand there too, and the system they call may read and change it as that user. It is no
/// record all the same: nobody else sees it, it is in no list, it has no files, and its changes are not in the change log nor told to save hooks.
/// </summary>
internal sealed class UploadTemplates(Database database, ContentTypes types)
{
    public const string Title = "Defaults for the next upload";

    // Before the first save there is no row; a form drawn then says this version.
    private const long FirstVersion = 1;

    public static bool IsTemplate(long id) => id < 0;

    /// <summary>The id of a user's template.</summary>
    public static long IdOf(HostUser user) => -user.Id ?? throw new InvalidOperationException($"The user {user.Name} has no id.");

    /// <summary>The type as a template shows and checks it: nothing has to be filled in beforehand.</summary>
    public static ContentType WithoutDuties(ContentType type) => type with { Fields = [.. type.Fields.Select(field => field with { Required = false })] };

    /// <summary>The template of a user, empty before the first save; null when the id is not his, or he may not create records.</summary>
    public RecordSnapshot? Find(long id, HostUser user) => database.Read(connection => Read(connection, id, user));

    /// <summary>Saves a template. Any result but <see cref="SaveResult.Saved"/> changed nothing.</summary>
    public Task<SaveResult> SaveAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => Save(scope, request), cancellationToken);

    private SaveResult Save(WriteScope scope, UpdateRequest request)
    {
        if (Read(scope.Connection, request.RecordId, request.User) is not { } current)
            return new SaveResult.NotFound();
        if (PressKeyRows.Has(scope.Connection, request.PressKey))
            return new SaveResult.AlreadyPressed(current);
        if (request.ExpectedVersion is { } expected && expected != current.Version)
            return new SaveResult.Stale(current);
        if (request.Draft is not null || request.MoveTo is not null)
            return new SaveResult.Cancelled("An upload template has fields and says whether records are private, and nothing else.");
        if (types.Find(request.Type ?? current.Type) is not { } type)
            return new SaveResult.Invalid([new FieldError("type", $"There is no content type '{request.Type ?? current.Type}'.")]);

        var before = RecordRows.FieldsOf(current);
        foreach (var name in before.Keys.Where(name => type.FindField(name) is null).ToList())
            before.Remove(name);
        var check = FieldRules.Check(WithoutDuties(type), before, request.Fields);
        if (check.Errors.Count > 0)
            return new SaveResult.Invalid(check.Errors);
        PressKeyRows.Keep(scope, request);
        var next = current with { Type = type.Name, Private = request.Private ?? current.Private, Fields = RecordRows.Order(types, type.Name, check.Values) };
        if (next.Type == current.Type && next.Private == current.Private && FieldRules.Diff(type, before, check.Values).Count == 0)
            return new SaveResult.Saved(current, []);

        next = next with { Version = current.Version + 1, ModifiedAt = scope.Now };
        scope.Connection.Execute(SaveSql, new
        {
            UserId = -next.Id,
            next.Type,
            Private = next.Private ? 1L : 0L,
            next.Version,
            Now = scope.Now.ToUnixTimeMilliseconds(),
            Fields = FieldsJson.Write(check.Values),
        });
        return new SaveResult.Saved(next, []);
    }

    private RecordSnapshot? Read(DbConnection connection, long id, HostUser user)
    {
        if (user.Id != -id || !Rights.CanInsert(user, null))
            return null;
        var row = connection.QueryFirstOrDefault<TemplateRow>(SelectSql, new { UserId = -id });
        var modifiedAt = DateTimeOffset.FromUnixTimeMilliseconds(row?.ModifiedAt ?? 0);
        return new RecordSnapshot
        {
            Id = id,
            Pid = $"{Pid.Prefix}upload-template{id}",
            Type = row?.Type ?? InsertRequest.DefaultType,
            Title = Title,
            Language = user.Language,
            Owner = user.Name,
            Private = row is { IsPrivate: not 0 },
            Version = row?.Version ?? FirstVersion,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row?.CreatedAt ?? 0),
            CreatedBy = user.Name,
            ModifiedAt = modifiedAt,
            ModifiedBy = user.Name,
            Fields = row is null ? [] : RecordRows.Order(types, row.Type, FieldsJson.Read(row.Fields)),
        };
    }

    private sealed record TemplateRow
    {
        public required string Type { get; init; }
        public required long IsPrivate { get; init; }
        public required long Version { get; init; }
        public required long CreatedAt { get; init; }
        public required long ModifiedAt { get; init; }
        public required string Fields { get; init; }
    }

    private const string SelectSql = """
        SELECT type AS Type, is_private AS IsPrivate, version AS Version, created_at AS CreatedAt, modified_at AS ModifiedAt, fields AS Fields
        FROM upload_templates
        WHERE user_id = @UserId
        """;

    private const string SaveSql = """
        INSERT INTO upload_templates (user_id, type, is_private, version, created_at, modified_at, fields)
        VALUES (@UserId, @Type, @Private, @Version, @Now, @Now, @Fields)
        ON CONFLICT (user_id) DO UPDATE
        SET type = excluded.type, is_private = excluded.is_private, version = excluded.version, modified_at = excluded.modified_at, fields = excluded.fields
        """;
}
