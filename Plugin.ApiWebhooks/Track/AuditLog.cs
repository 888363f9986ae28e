using Plugin.ApiWebhooks.Queue.Engines;
using Dam.Hosting;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>The audit list: who did what to subscriptions, deliveries, replays and applications.</summary>
/// <param name="database">The plugin's database, table <c>audit</c>.</param>
/// <param name="time">Dates the entries.</param>
/// <param name="logger">Is told of every act too, and of one that could not be written.</param>
internal sealed partial class AuditLog(PluginDatabase database, TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>How long entries are kept at least; as long as the history when that is longer.</summary>
    public static readonly TimeSpan LeastRetain = TimeSpan.FromDays(365);

    /// <summary>How many are kept at most: a program that changes something every second shall not fill the disk.</summary>
    public const int Most = 200_000;

    private const int LongestName = 200;
    private const int LongestDetail = 500;

    // What was done is done, whether it could be written down or not: nobody waits for long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private const string Insert = """
        INSERT INTO audit (at, user_name, key_name, act, subject, label, owner, detail)
        VALUES (@at, @user, @key, @act, @subject, @label, @owner, @detail)
        """;

    private const string Select = "SELECT id, at, user_name, key_name, act, subject, label, owner, detail FROM audit";

    private const string Matches = """
        WHERE id > @after AND id < @before
          AND (@seer IS NULL OR user_name = @seer OR owner = @seer)
          AND (@user IS NULL OR user_name = @user)
          AND (@act IS NULL OR act = @act)
          AND (@text IS NULL OR like(@text, subject || ' ' || coalesce(label, '') || ' ' || coalesce(detail, '') || ' ' || user_name || ' ' || coalesce(key_name, ''), '\'))
        """;

    private const string SelectOldestFirst = $"{Select} {Matches} ORDER BY id LIMIT @limit";

    private const string SelectNewestFirst = $"{Select} {Matches} ORDER BY id DESC LIMIT @limit";

    private const string SelectUsers = "SELECT DISTINCT user_name FROM audit WHERE @seer IS NULL OR user_name = @seer OR owner = @seer ORDER BY user_name LIMIT 200";

    /// <summary>
    /// Writes an entry; it is on the disk when the task ends. It never throws: what could not be written stands in the log.
    /// </summary>
    /// <param name="user">Who did it.</param>
    /// <param name="act">What, one of <see cref="Acts"/>.</param>
    /// <param name="subject">To what.</param>
    /// <param name="detail">More of it; never a secret. Cut when it is long.</param>
    public async Task WriteAsync(HostUser user, string act, AuditSubject subject, string? detail)
    {
        LogAct(user.Name, user.ApiKeyName, act, subject.Name);
        var now = time.GetUtcNow();
        try
        {
            await database.WriteAsync(c => c.Prepared(Insert)
                .Bind("@at", now).Bind("@user", Cut(user.Name, LongestName)).Bind("@key", Cut(user.ApiKeyName, LongestName)).Bind("@act", act)
                .Bind("@subject", Cut(subject.Name, LongestName)).Bind("@label", Cut(subject.Label, LongestName)).Bind("@owner", Cut(subject.Owner, LongestName))
                .Bind("@detail", Cut(detail, LongestDetail)).ExecuteNonQuery()).WaitAsync(LongestWait, time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The act itself succeeded; refusing it now would be a lie.
            LogNotWritten(exception, user.Name, act, subject.Name);
        }
    }

    /// <summary>The entries that are asked for.</summary>
    public IReadOnlyList<AuditEntry> Read(AuditQuery query) => database.Read(c =>
    {
        using var row = Bind(c.Prepared(query.NewestFirst ? SelectNewestFirst : SelectOldestFirst), query).ExecuteReader();
        var entries = new List<AuditEntry>();
        while (row.Read())
        {
            entries.Add(new AuditEntry
            {
                Id = row.GetInt64(0),
                At = row.GetInstant(1),
                UserName = row.GetString(2),
                KeyName = row.FindString(3),
                Act = row.GetString(4),
                Subject = new AuditSubject(row.GetString(5)) { Label = row.FindString(6), Owner = row.FindString(7) },
                Detail = row.FindString(8),
            });
        }
        return entries;
    });

    /// <summary>Who did something, by name.</summary>
    /// <param name="seenBy">As in <see cref="AuditQuery.SeenBy"/>.</param>
    public IReadOnlyList<string> ReadUsers(string? seenBy) => database.Read(c =>
    {
        using var row = c.Prepared(SelectUsers).Bind("@seer", seenBy).ExecuteReader();
        var names = new List<string>();
        while (row.Read())
            names.Add(row.GetString(0));
        return names;
    });

    private static DbCommand Bind(DbCommand command, AuditQuery query) => command
        .Bind("@after", query.After).Bind("@before", query.Before).Bind("@seer", query.SeenBy).Bind("@user", query.UserName).Bind("@act", query.Act)
        .Bind("@text", query.Text is null ? null : Binding.Containing(query.Text)).Bind("@limit", query.Limit);

    private static string? Cut(string? text, int longest) => text is null || text.Length <= longest
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");

    [LoggerMessage(2350, LogLevel.Information, "{User} (key {Key}): {Act} of {Subject}.")]
    private partial void LogAct(string user, string? key, string act, string subject);

    [LoggerMessage(2351, LogLevel.Error, "The audit list does not have what {User} did: {Act} of {Subject}.")]
    private partial void LogNotWritten(Exception exception, string user, string act, string subject);
}
