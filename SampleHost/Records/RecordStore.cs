using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>Which records to list.</summary>
/// <param name="Text">Every word must occur in some value; null or blank for all.</param>
/// <param name="After">The id of the last record already seen; 0 for the beginning.</param>
/// <param name="Limit">1 to 1,000.</param>
/// <param name="User">Only what this user may see is listed.</param>
/// <param name="Type">Only records of this type; null for all.</param>
internal sealed record RecordQuery(string? Text, long After, int Limit, HostUser User, string? Type = null)
{
    public const int HighestLimit = 1_000;

    /// <summary>Newest first instead of oldest first; then <see cref="After"/> counts downwards.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Only records below this one; null for all.</summary>
    public long? ParentId { get; init; }
}

/// <summary>One page of a list.</summary>
/// <param name="Next">What to give as <see cref="RecordQuery.After"/> for the next page, or null at the end.</param>
internal sealed record RecordPage(IReadOnlyList<RecordSnapshot> Records, long? Next);

/// <summary>Reads records.</summary>
internal sealed class RecordStore(Database database, ContentTypes types, UploadTemplates templates) : IRecordReader
{
    private const int MostWords = 20;

    public Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => RecordRows.Read(connection, types, id)));
    }

    public Task<RecordSnapshot?> FindByPidAsync(string pid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => RecordRows.ReadByPid(connection, types, pid)));
    }

    /// <summary>The record when the user may see it, else null.</summary>
    public async Task<RecordSnapshot?> FindVisibleAsync(long id, HostUser user, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } record && Rights.CanSee(user, record) ? record : null;

    /// <summary>What the edit page or a caller of the API may name by an id: a visible record, or the user's own upload template below zero.</summary>
    public async Task<RecordSnapshot?> FindNamedAsync(long id, HostUser user, CancellationToken cancellationToken) =>
        UploadTemplates.IsTemplate(id) ? templates.Find(id, user) : await FindVisibleAsync(id, user, cancellationToken);

    public bool CanSee(HostUser user, RecordSnapshot record) => Rights.CanSee(user, record);

    public bool CanEdit(HostUser user, RecordSnapshot record) => Rights.CanEdit(user, record);

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var limit = Math.Clamp(query.Limit, 1, RecordQuery.HighestLimit);
        var (where, parameters) = Filter(query, limit + 1);
        var found = database.Read(connection => RecordRows.ReadMany(connection, types, where, parameters));
        var page = found.Take(limit).ToList();
        return Task.FromResult(new RecordPage(page, found.Count > limit ? page[^1].Id : null));
    }

    private static (string Where, Dictionary<string, object?> Parameters) Filter(RecordQuery query, int rows)
    {
        var words = RecordRows.Fold(query.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MostWords).ToList();
        var parameters = new Dictionary<string, object?>
        {
            ["after"] = query.After,
            ["rows"] = rows,
            ["type"] = new DbString { Value = query.Type },
            ["parentId"] = query.ParentId ?? 0L,
            ["me"] = query.User.Name,
            ["seesAll"] = query.User.Roles.Contains(Roles.Admin) ? 1L : 0L,
            ["views"] = query.User.Roles.Contains(Roles.Viewer) ? 1L : 0L,
            ["edits"] = query.User.Roles.Contains(Roles.Editor) ? 1L : 0L,
            ["viewIn"] = CollectionsWith(query.User, Roles.Viewer),
            ["editIn"] = CollectionsWith(query.User, Roles.Editor),
        };
        var where = FilterSql;
        for (var i = 0; i < words.Count; i++)
        {
            where += $" AND instr(search_text, @word{i}) > 0";
            parameters[$"word{i}"] = words[i];
        }

        if (query.NewestFirst)
            return (where + (query.After > 0 ? " AND id < @after" : "") + " ORDER BY id DESC LIMIT @rows", parameters);
        return (where + " AND id > @after ORDER BY id LIMIT @rows", parameters);
    }

    private static string CollectionsWith(HostUser user, string role) =>
        SqlList.Of(user.CollectionRoles.Where(pair => pair.Value.Contains(role)).Select(pair => pair.Key));

    // The same rule as Rights.CanSee, so that a page of a list is read at once; a test holds the two together.
    private const string FilterSql = """
        WHERE (@type IS NULL OR type = @type)
          AND (@parentId = 0 OR parent_id = @parentId)
          AND (@seesAll = 1
               OR owner = @me COLLATE NOCASE
               OR (is_private = 0 AND CASE WHEN is_draft = 1 THEN @edits ELSE @views END = 1)
               OR (is_draft = 0 AND collection IN (SELECT value FROM json_each(@viewIn)))
               OR collection IN (SELECT value FROM json_each(@editIn)))
        """;
}
