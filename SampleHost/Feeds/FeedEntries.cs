using System.Text.Json;
using Dam.Hosting;
using Dapper;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Feeds;

/// <summary>An entry as it was published.</summary>
internal sealed record FeedEntry(
    long Id, long FeedId, string FeedTitle, string Title, string Description, string AuthorName, string? AuthorEmail, IReadOnlyList<string> NotifiedUsers,
    IReadOnlyList<long> RecordIds, DateTimeOffset PublishedAt);

/// <summary>Reads what was published in feeds, and what of it a user was told.</summary>
internal sealed class FeedEntries(Database database)
{
    /// <summary>The entries of a feed after an id, in the order of their ids.</summary>
    public IReadOnlyList<FeedEntry> OfFeed(long feedId, long after, int limit) =>
        Read(SelectSql + " WHERE e.feed_id = @feedId AND e.id > @after ORDER BY e.id LIMIT @limit", new { feedId, after, limit });

    /// <summary>The entries after an id that a user was told of, in the order of their ids: his notices.</summary>
    public IReadOnlyList<FeedEntry> ToldTo(HostUser user, long after, int limit) =>
        Read(
            SelectSql + " WHERE e.id > @after AND EXISTS (SELECT 1 FROM json_each(e.notified) WHERE value = @Name COLLATE NOCASE) ORDER BY e.id LIMIT @limit",
            new { user.Name, after, limit });

    /// <summary>The same, the newest first.</summary>
    public IReadOnlyList<FeedEntry> NewestToldTo(HostUser user, int limit) =>
        Read(
            SelectSql + " WHERE EXISTS (SELECT 1 FROM json_each(e.notified) WHERE value = @Name COLLATE NOCASE) ORDER BY e.id DESC LIMIT @limit",
            new { user.Name, limit });

    private List<FeedEntry> Read(string sql, object parameters) =>
        database.Read(connection => connection.Query<EntryRow>(sql, parameters)).Select(row => new FeedEntry(
            row.Id, row.FeedId, row.FeedTitle, row.Title, row.Description, row.AuthorName, row.AuthorEmail,
            JsonSerializer.Deserialize(row.Notified, FieldsJson.Default.IReadOnlyListString) ?? [],
            JsonSerializer.Deserialize(row.RecordIds, FieldsJson.Default.IReadOnlyListInt64) ?? [],
            DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))).ToList();

    private sealed record EntryRow
    {
        public required long Id { get; init; }
        public required long FeedId { get; init; }
        public required string FeedTitle { get; init; }
        public required string Title { get; init; }
        public required string Description { get; init; }
        public required string AuthorName { get; init; }
        public string? AuthorEmail { get; init; }
        public required string Notified { get; init; }
        public required string RecordIds { get; init; }
        public required long CreatedAt { get; init; }
    }

    private const string SelectSql = """
        SELECT e.id AS Id, e.feed_id AS FeedId, f.title AS FeedTitle, e.title AS Title, e.description AS Description, e.author_name AS AuthorName,
               e.author_email AS AuthorEmail, e.notified AS Notified, e.record_ids AS RecordIds, e.created_at AS CreatedAt
        FROM feed_entries AS e JOIN feeds AS f ON f.id = e.feed_id
        """;
}
