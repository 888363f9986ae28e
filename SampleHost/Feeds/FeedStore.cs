using System.Text.Json;
using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Feeds;

/// <summary>A publication channel.</summary>
internal sealed record Feed
{
    public required long Id { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }
    public required bool IsPublic { get; init; }
    public required string Owner { get; init; }
}

/// <summary>An entry to publish in a feed.</summary>
internal sealed record NewFeedEntry(long FeedId, string Title, string Description)
{
    /// <summary>Null for the display name of who publishes.</summary>
    public string? AuthorName { get; init; }

    /// <summary>Null for the e-mail address of who publishes.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>Whether everybody with an e-mail address who may see the feed is told.</summary>
    public bool NotifyAll { get; init; }

    /// <summary>Names of users to be told.</summary>
    public IReadOnlyList<string> NotifiedUsers { get; init; } = [];

    /// <summary>Ids of the records the entry shows.</summary>
    public IReadOnlyList<long> Records { get; init; } = [];
}

/// <summary>How work on a feed ended.</summary>
internal abstract record FeedResult
{
    private FeedResult()
    {
    }

    public sealed record FeedCreated(Feed Feed) : FeedResult;

    public sealed record EntryPublished(FeedEntrySnapshot Entry, DateTimeOffset PublishedAt) : FeedResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : FeedResult;

    public sealed record NotFound : FeedResult;

    public sealed record Forbidden(string Reason) : FeedResult;
}

/// <summary>The feeds and their entries. Publishing an entry is logged as a change.</summary>
internal sealed class FeedStore(Database database, ContentTypes types)
{
    private const int LongestTitle = 500;
    private const int LongestText = 20_000;

    /// <summary>The feeds after an id that a user may see, in the order of their ids.</summary>
    public IReadOnlyList<Feed> All(HostUser user, long after, int limit) =>
        database.Read(connection => connection.Query<FeedRow>(
            SelectSql + " WHERE id > @after AND (is_public = 1 OR @all = 1) ORDER BY id LIMIT @limit", new { after, limit, all = Rights.CanSeeFeed(user, isPublic: false) ? 1L : 0L }))
            .Select(ToFeed).ToList();

    /// <summary>The feed when the user may see it, else null.</summary>
    public Feed? Find(long id, HostUser user) =>
        database.Read(connection => connection.QueryFirstOrDefault<FeedRow>(SelectSql + " WHERE id = @id", new { id })) is { } row
            && Rights.CanSeeFeed(user, row.IsPublic != 0) ? ToFeed(row) : null;

    public async Task<FeedResult> CreateAsync(string title, string description, bool isPublic, HostUser user, CancellationToken cancellationToken)
    {
        if (!Rights.CanCreateFeed(user))
            return new FeedResult.Forbidden($"The user {user.Name} may not create feeds; it takes the role {Roles.Admin}.");
        if (FindFaults(title, description) is { Count: > 0 } errors)
            return new FeedResult.Invalid(errors);
        return await database.WriteAsync<FeedResult>(
            scope =>
            {
                var feed = new Feed { Id = 0, Title = title.Trim(), Description = description, IsPublic = isPublic, Owner = user.Name };
                var id = scope.Connection.ExecuteScalar<long>(
                    InsertSql, new { feed.Title, feed.Description, IsPublic = feed.IsPublic ? 1L : 0L, feed.Owner, Now = scope.Now.ToUnixTimeMilliseconds() });
                return new FeedResult.FeedCreated(feed with { Id = id });
            },
            cancellationToken);
    }

    public async Task<FeedResult> PublishAsync(NewFeedEntry entry, HostUser user, ChangeOrigin via, CancellationToken cancellationToken)
    {
        if (!Rights.CanPublishEntry(user))
            return new FeedResult.Forbidden($"The user {user.Name} may not publish in feeds; it takes the role {Roles.Editor}.");
        if (FindFaults(entry.Title, entry.Description) is { Count: > 0 } errors)
            return new FeedResult.Invalid(errors);
        return await database.WriteAsync(scope => Publish(scope, entry, user, via), cancellationToken);
    }

    private FeedResult Publish(WriteScope scope, NewFeedEntry entry, HostUser user, ChangeOrigin via)
    {
        if (scope.Connection.QueryFirstOrDefault<FeedRow>(SelectSql + " WHERE id = @FeedId", new { entry.FeedId }) is not { } feed)
            return new FeedResult.NotFound();
        var errors = new List<FieldError>();
        var recipients = FeedRecipients.Find(scope.Connection, entry, feed.IsPublic != 0, errors);
        errors.AddRange(FindUnknownRecords(scope, entry, user));
        if (errors.Count > 0)
            return new FeedResult.Invalid(errors);

        var snapshot = new FeedEntrySnapshot
        {
            FeedId = feed.Id,
            FeedTitle = feed.Title,
            FeedDescription = feed.Description,
            FeedIsPublic = feed.IsPublic != 0,
            EntryId = 0,
            Title = entry.Title.Trim(),
            Description = entry.Description,
            AuthorName = entry.AuthorName ?? user.DisplayName,
            AuthorEmail = entry.AuthorEmail ?? user.Email,
            NotifiedUsers = [.. recipients.Select(recipient => recipient.Name)],
            Recipients = recipients,
            RecordIds = entry.Records,
        };
        var entryId = scope.Connection.ExecuteScalar<long>(InsertEntrySql, new
        {
            snapshot.FeedId,
            snapshot.Title,
            snapshot.Description,
            snapshot.AuthorName,
            snapshot.AuthorEmail,
            Notified = JsonSerializer.Serialize(snapshot.NotifiedUsers, FieldsJson.Default.IReadOnlyListString),
            RecordIds = JsonSerializer.Serialize(entry.Records, FieldsJson.Default.IReadOnlyListInt64),
            Now = scope.Now.ToUnixTimeMilliseconds(),
        });
        snapshot = snapshot with { EntryId = entryId };
        new ChangeWriter(scope, user, via).Append(ChangeKind.FeedEntryPublished, null, change => change with { FeedEntry = snapshot });
        return new FeedResult.EntryPublished(snapshot, scope.Now);
    }

    private IEnumerable<FieldError> FindUnknownRecords(WriteScope scope, NewFeedEntry entry, HostUser user) =>
        entry.Records
            .Where(id => RecordRows.Read(scope.Connection, types, id) is not { } record || !Rights.CanSee(user, record))
            .Select(id => new FieldError("records", $"There is no record {id}."));

    private static List<FieldError> FindFaults(string title, string description)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(title))
            errors.Add(new FieldError("title", "A value is needed here."));
        if (title.Length > LongestTitle)
            errors.Add(new FieldError("title", $"Too long: {title.Length} characters, at most {LongestTitle} are allowed."));
        if (description.Length > LongestText)
            errors.Add(new FieldError("description", $"Too long: {description.Length} characters, at most {LongestText} are allowed."));
        return errors;
    }

    private static Feed ToFeed(FeedRow row) =>
        new() { Id = row.Id, Title = row.Title, Description = row.Description, IsPublic = row.IsPublic != 0, Owner = row.Owner };

    private sealed record FeedRow
    {
        public required long Id { get; init; }
        public required string Title { get; init; }
        public required string Description { get; init; }
        public required long IsPublic { get; init; }
        public required string Owner { get; init; }
    }

    private const string SelectSql = """
        SELECT id AS Id, title AS Title, description AS Description, is_public AS IsPublic, owner AS Owner FROM feeds
        """;

    private const string InsertSql = """
        INSERT INTO feeds (title, description, is_public, owner, created_at)
        VALUES (@Title, @Description, @IsPublic, @Owner, @Now)
        RETURNING id
        """;

    private const string InsertEntrySql = """
        INSERT INTO feed_entries (feed_id, title, description, author_name, author_email, notified, record_ids, created_at)
        VALUES (@FeedId, @Title, @Description, @AuthorName, @AuthorEmail, @Notified, @RecordIds, @Now)
        RETURNING id
        """;
}
