using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using System.Globalization;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>The presses in the plugin's database: one row each, made before the POST leaves and ended once.</summary>
/// <param name="database">The plugin's database, table <c>press</c>.</param>
internal sealed class PressLog(PluginDatabase database)
{
    /// <summary>The outcome of a press that was cut off by a stop of the host.</summary>
    private const string Lost = "Lost";

    private const string Columns = """
        press_key, button_key, button_label, record_id, record_pid, user_name, language, pressed_at, url, request,
        ended_at, outcome, status, reason, duration_ms, location, detail, answer_type, answer, message
        """;

    private const string Insert = """
        INSERT INTO press (press_key, button_key, button_label, record_id, record_pid, user_name, language, pressed_at, url, request)
        VALUES (@key, @button, @label, @record, @pid, @user, @language, @at, @url, @request)
        ON CONFLICT (press_key) DO NOTHING
        """;

    // A press ends once: what was written first stays.
    private const string SetEnd = """
        UPDATE press SET ended_at = @at, outcome = @outcome, status = @status, reason = @reason, duration_ms = @duration,
            location = @location, detail = @detail, answer_type = @type, answer = @answer, message = @message
        WHERE press_key = @key AND ended_at IS NULL
        """;

    private const string SetLost = "UPDATE press SET ended_at = @at, outcome = 'Lost' WHERE ended_at IS NULL AND pressed_at <= @before";

    private const string SelectOne = $"SELECT {Columns} FROM press WHERE press_key = @key";

    // Counts each button once, by its index.
    private const string SelectButtons = """
        WITH RECURSIVE known (button_key) AS (
            SELECT min(button_key) FROM press
            UNION ALL SELECT (SELECT min(button_key) FROM press WHERE button_key > known.button_key) FROM known WHERE known.button_key IS NOT NULL)
        SELECT button_key FROM known WHERE button_key IS NOT NULL LIMIT @limit
        """;

    /// <summary>Enters a press that is about to be sent.</summary>
    /// <returns>False when its key is there already: then it must not be sent.</returns>
    public Task<bool> BeginAsync(PressLogEntry entry) => database.WriteAsync(connection =>
    {
        var command = connection.Prepared(Insert);
        command.Bind("@key", entry.PressKey);
        command.Bind("@button", entry.ButtonKey);
        command.Bind("@label", entry.ButtonLabel);
        command.Bind("@record", entry.RecordId);
        command.Bind("@pid", entry.RecordPid);
        command.Bind("@user", entry.UserName);
        command.Bind("@language", entry.Language);
        command.Bind("@at", entry.PressedAt.ToUnixTimeMilliseconds());
        command.Bind("@url", entry.Url);
        command.Bind("@request", entry.Request);
        return command.ExecuteNonQuery() == 1;
    });

    /// <summary>Enters how a press ended.</summary>
    public Task EndAsync(string pressKey, PressEnd end) => database.WriteAsync(connection =>
    {
        var command = connection.Prepared(SetEnd);
        command.Bind("@key", pressKey);
        command.Bind("@at", end.EndedAt.ToUnixTimeMilliseconds());
        command.Bind("@outcome", end.Outcome?.ToString() ?? Lost);
        command.Bind("@status", end.Status);
        command.Bind("@reason", end.Reason);
        command.Bind("@duration", (long?)end.Duration?.TotalMilliseconds);
        command.Bind("@location", end.Location);
        command.Bind("@detail", end.Detail);
        command.Bind("@type", end.AnswerType);
        command.Bind("@answer", end.Answer);
        command.Bind("@message", end.Message);
        return command.ExecuteNonQuery();
    });

    /// <summary>Whether presses of other nodes are in it too.</summary>
    public bool IsShared => database.Engine.IsShared;

    /// <summary>Ends, with an unknown outcome, the presses that run although they were begun before a moment.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> EndLostAsync(DateTimeOffset now, DateTimeOffset before) =>
        database.WriteAsync(connection => connection.Prepared(SetLost).Bind("@at", now).Bind("@before", before).ExecuteNonQuery());

    /// <summary>One press, or null.</summary>
    public PressLogEntry? Find(string pressKey) => Select(SelectOne, ("@key", pressKey)).FirstOrDefault();

    /// <summary>Presses that match a filter, newest first.</summary>
    public IReadOnlyList<PressLogEntry> Read(PressFilter filter)
    {
        // Only what is asked for stands in the statement: so it is answered by the index for it.
        var conditions = new List<string>();
        var values = new List<(string, object)> { ("@limit", filter.Limit) };
        Where(filter.ButtonKey, "button_key = @button", "@button");
        Where(filter.RecordId, "record_id = @record", "@record");
        Where(filter.UserName, "user_name = @user COLLATE NOCASE", "@user");
        Where(filter.State, "state = @state", "@state");
        Where(filter.Before?.PressedAt.ToUnixTimeMilliseconds(), "(pressed_at, press_key) < (@at, @key)", "@at");
        if (filter.Before is { } before)
            values.Add(("@key", before.PressKey));
        var where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        return Select($"SELECT {Columns} FROM press {where} ORDER BY pressed_at DESC, press_key DESC LIMIT @limit", [.. values]);

        void Where(object? value, string condition, string name)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            values.Add((name, value));
        }
    }

    /// <summary>The keys of the buttons of which a press is known, configured ones and others.</summary>
    public IReadOnlyList<string> ReadButtonKeys(int limit) => database.Read(connection =>
    {
        using var reader = connection.Prepared(SelectButtons).Bind("@limit", limit).ExecuteReader();
        var keys = new List<string>();
        while (reader.Read())
            keys.Add(reader.GetString(0));
        return keys;
    });

    private List<PressLogEntry> Select(string sql, params (string Name, object Value)[] parameters) => database.Read(connection =>
    {
        var command = connection.Prepared(sql);
        foreach (var (name, value) in parameters)
        {
            if (value is string text)
                command.Bind(name, text);
            else
                command.Bind(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
        using var reader = command.ExecuteReader();
        var entries = new List<PressLogEntry>();
        while (reader.Read())
            entries.Add(ReadEntry(reader));
        return entries;
    });

    private static PressLogEntry ReadEntry(DbDataReader row) => new()
    {
        PressKey = row.GetString(0),
        ButtonKey = row.GetString(1),
        ButtonLabel = row.GetString(2),
        RecordId = row.GetInt64(3),
        RecordPid = row.GetString(4),
        UserName = row.GetString(5),
        Language = row.GetString(6),
        PressedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        Url = row.GetString(8),
        Request = row.GetString(9),
        End = row.IsDBNull(10) ? null : ReadEnd(row),
    };

    private static PressEnd ReadEnd(DbDataReader row) => new()
    {
        EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        Outcome = row.GetString(11) is not Lost and var outcome ? Enum.Parse<AttemptOutcome>(outcome) : null,
        Status = row.IsDBNull(12) ? null : row.GetInt32(12),
        Reason = TextOrNull(row, 13),
        Duration = row.IsDBNull(14) ? null : TimeSpan.FromMilliseconds(row.GetInt64(14)),
        Location = TextOrNull(row, 15),
        Detail = TextOrNull(row, 16),
        AnswerType = TextOrNull(row, 17),
        Answer = TextOrNull(row, 18),
        Message = TextOrNull(row, 19),
    };

    private static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
