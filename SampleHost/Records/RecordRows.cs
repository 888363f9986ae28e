using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Files;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>Reads and writes the rows of records and their files. Runs inside whatever transaction the connection is in.</summary>
internal static class RecordRows
{
    public static RecordSnapshot? Read(DbConnection connection, ContentTypes types, long id) =>
        Assemble(connection, types, connection.QueryFirstOrDefault<RecordRow>(SelectSql + " WHERE id = @id", new { id }));

    public static RecordSnapshot? ReadByPid(DbConnection connection, ContentTypes types, string pid) =>
        Assemble(connection, types, connection.QueryFirstOrDefault<RecordRow>(SelectSql + " WHERE pid = @pid", new { pid }));

    public static IReadOnlyList<RecordSnapshot> ReadMany(DbConnection connection, ContentTypes types, string whereOrderLimit, object parameters)
    {
        var rows = connection.Query<RecordRow>(SelectSql + " " + whereOrderLimit, parameters).AsList();
        if (rows.Count == 0)
            return [];
        var files = connection.Query<FileRow>(FileSelectSql + " WHERE record_id IN (SELECT CAST(value AS bigint) FROM json_each(@ids)) ORDER BY id", new { ids = SqlList.Of(rows.Select(row => row.Id)) })
            .ToLookup(file => file.RecordId);
        return rows.Select(row => ToSnapshot(row, types, files[row.Id])).ToList();
    }

    public static long Insert(WriteScope scope, RecordSnapshot record, IReadOnlyDictionary<string, IReadOnlyList<string>> fields) =>
        scope.Connection.ExecuteScalar<long>(InsertSql, Parameters(record, fields));

    public static void Update(WriteScope scope, RecordSnapshot record, IReadOnlyDictionary<string, IReadOnlyList<string>> fields) =>
        scope.Connection.Execute(UpdateSql, Parameters(record, fields));

    public static void Delete(WriteScope scope, long id) =>
        scope.Connection.Execute("DELETE FROM records WHERE id = @id", new { id });

    public static FileSnapshot AddFile(WriteScope scope, long recordId, ReceivedFile file)
    {
        var snapshot = ToSnapshot(Pid.Next(), file);
        scope.Connection.Execute(InsertFileSql, FileParameters(scope, recordId, snapshot));
        return snapshot;
    }

    public static FileSnapshot ReplaceFile(WriteScope scope, string pid, ReceivedFile file)
    {
        var snapshot = ToSnapshot(pid, file);
        scope.Connection.Execute(ReplaceFileSql, FileParameters(scope, 0, snapshot));
        return snapshot;
    }

    public static void DeleteFile(WriteScope scope, string pid) =>
        scope.Connection.Execute("DELETE FROM files WHERE pid = @pid", new { pid });

    /// <summary>The id of the record that has a file, or null.</summary>
    public static long? FindRecordOfFile(DbConnection connection, string filePid) =>
        connection.ExecuteScalar<long?>("SELECT record_id FROM files WHERE pid = @filePid", new { filePid });

    public static Dictionary<string, IReadOnlyList<string>> FieldsOf(RecordSnapshot record) =>
        record.Fields.ToDictionary(field => field.Name, field => field.Values, StringComparer.Ordinal);

    /// <summary>The fields in the order of the type; what the type no longer knows comes last rather than being lost.</summary>
    public static IReadOnlyList<FieldSnapshot> Order(ContentTypes types, string typeName, IReadOnlyDictionary<string, IReadOnlyList<string>> fields)
    {
        var known = types.Find(typeName)?.Fields ?? [];
        return known.Where(field => fields.ContainsKey(field.Name))
            .Select(field => new FieldSnapshot { Name = field.Name, Values = fields[field.Name], Predicate = field.Predicate, Category = field.Category })
            .Concat(fields.Where(pair => known.All(field => field.Name != pair.Key))
                .Select(pair => new FieldSnapshot { Name = pair.Key, Values = pair.Value }))
            .ToList();
    }

    private static RecordSnapshot? Assemble(DbConnection connection, ContentTypes types, RecordRow? row) =>
        row is null
            ? null
            : ToSnapshot(row, types, connection.Query<FileRow>(FileSelectSql + " WHERE record_id = @Id ORDER BY id", new { row.Id }));

    private static RecordSnapshot ToSnapshot(RecordRow row, ContentTypes types, IEnumerable<FileRow> files) => new()
    {
        Id = row.Id,
        Pid = row.Pid,
        Type = row.Type,
        Title = row.Title,
        Language = row.Language,
        Owner = row.Owner,
        Collection = row.Collection,
        CollectionId = row.CollectionId,
        Private = row.IsPrivate != 0,
        Draft = row.IsDraft != 0,
        WorkflowState = row.WorkflowState,
        Version = row.Version,
        ParentId = row.ParentId,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        CreatedBy = row.CreatedBy,
        ModifiedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ModifiedAt),
        ModifiedBy = row.ModifiedBy,
        Fields = Order(types, row.Type, FieldsJson.Read(row.Fields)),
        Files = files.Select(file => new FileSnapshot
        {
            Pid = file.Pid,
            Name = file.Name,
            MediaType = file.MediaType,
            Length = file.Length,
            Sha256 = file.Sha256,
        }).ToList(),
    };

    private static FileSnapshot ToSnapshot(string pid, ReceivedFile file) =>
        new() { Pid = pid, Name = file.Name, MediaType = file.MediaType, Length = file.Length, Sha256 = file.Sha256 };

    private static object FileParameters(WriteScope scope, long recordId, FileSnapshot file) => new
    {
        file.Pid,
        recordId,
        file.Name,
        file.MediaType,
        file.Length,
        file.Sha256,
        Now = scope.Now.ToUnixTimeMilliseconds(),
    };

    private static object Parameters(RecordSnapshot record, IReadOnlyDictionary<string, IReadOnlyList<string>> fields) => new
    {
        record.Id,
        record.Pid,
        record.Type,
        record.Title,
        record.Language,
        record.Owner,
        record.Collection,
        Private = record.Private ? 1L : 0L,
        Draft = record.Draft ? 1L : 0L,
        record.WorkflowState,
        record.Version,
        record.ParentId,
        CreatedAt = record.CreatedAt.ToUnixTimeMilliseconds(),
        record.CreatedBy,
        ModifiedAt = record.ModifiedAt.ToUnixTimeMilliseconds(),
        record.ModifiedBy,
        Fields = FieldsJson.Write(fields),
        SearchText = SearchText(fields),
    };

    /// <summary>Folds text for searching. The host folds, not the database, so that letters beyond ASCII fold too.</summary>
    public static string Fold(string text) => text.ToLowerInvariant();

    private static string SearchText(IReadOnlyDictionary<string, IReadOnlyList<string>> fields) =>
        Fold(string.Join('\n', fields.Values.SelectMany(values => values)));

    private const string SelectSql = """
        SELECT id AS Id, pid AS Pid, type AS Type, title AS Title, language AS Language, owner AS Owner, collection AS Collection,
               (SELECT c.id FROM collections AS c WHERE c.name = records.collection) AS CollectionId,
               is_private AS IsPrivate, is_draft AS IsDraft, workflow_state AS WorkflowState, version AS Version, parent_id AS ParentId,
               created_at AS CreatedAt, created_by AS CreatedBy, modified_at AS ModifiedAt, modified_by AS ModifiedBy, fields AS Fields
        FROM records
        """;

    private const string FileSelectSql = """
        SELECT pid AS Pid, record_id AS RecordId, name AS Name, media_type AS MediaType, length AS Length, sha256 AS Sha256
        FROM files
        """;

    private const string InsertSql = """
        INSERT INTO records (pid, type, title, language, owner, collection, is_private, is_draft, workflow_state, version, parent_id,
                             created_at, created_by, modified_at, modified_by, fields, search_text)
        VALUES (@Pid, @Type, @Title, @Language, @Owner, @Collection, @Private, @Draft, @WorkflowState, @Version, @ParentId,
                @CreatedAt, @CreatedBy, @ModifiedAt, @ModifiedBy, @Fields, @SearchText)
        RETURNING id
        """;

    private const string UpdateSql = """
        UPDATE records
        SET title = @Title, collection = @Collection, is_private = @Private, is_draft = @Draft, workflow_state = @WorkflowState, version = @Version,
            modified_at = @ModifiedAt, modified_by = @ModifiedBy, fields = @Fields, search_text = @SearchText
        WHERE id = @Id
        """;

    private const string InsertFileSql = """
        INSERT INTO files (pid, record_id, name, media_type, length, sha256, created_at, modified_at)
        VALUES (@Pid, @recordId, @Name, @MediaType, @Length, @Sha256, @Now, @Now)
        """;

    private const string ReplaceFileSql = """
        UPDATE files SET name = @Name, media_type = @MediaType, length = @Length, sha256 = @Sha256, modified_at = @Now
        WHERE pid = @Pid
        """;
}

internal sealed record RecordRow
{
    public required long Id { get; init; }
    public required string Pid { get; init; }
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required string Language { get; init; }
    public required string Owner { get; init; }
    public string? Collection { get; init; }
    public long? CollectionId { get; init; }
    public required long IsPrivate { get; init; }
    public required long IsDraft { get; init; }
    public string? WorkflowState { get; init; }
    public required long Version { get; init; }
    public long? ParentId { get; init; }
    public required long CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public required long ModifiedAt { get; init; }
    public required string ModifiedBy { get; init; }
    public required string Fields { get; init; }
}

internal sealed record FileRow
{
    public required string Pid { get; init; }
    public required long RecordId { get; init; }
    public required string Name { get; init; }
    public required string MediaType { get; init; }
    public required long Length { get; init; }
    public required string Sha256 { get; init; }
}
