using Microsoft.Data.Sqlite;
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
        VALUES ($key, $button, $label, $record, $pid, $user, $language, $at, $url, $request)
        ON CONFLICT (press_key) DO NOTHING
        """;

    // A press ends once: what was written first stays.
    private const string SetEnd = """
        UPDATE press SET ended_at = $at, outcome = $outcome, status = $status, reason = $reason, duration_ms = $duration,
            location = $location, detail = $detail, answer_type = $type, answer = $answer, message = $message
        WHERE press_key = $key AND ended_at IS NULL
        """;

    private const string SetLost = "UPDATE press SET ended_at = $at, outcome = 'Lost' WHERE ended_at IS NULL";

    private const string SelectOne = $"SELECT {Columns} FROM press WHERE press_key = $key";

    private const string SelectOfRecord = $"SELECT {Columns} FROM press WHERE record_id = $record ORDER BY pressed_at DESC, press_key LIMIT $limit";

    private const string SelectLatest = $"SELECT {Columns} FROM press ORDER BY pressed_at DESC, press_key LIMIT $limit";

    /// <summary>Enters a press that is about to be sent.</summary>
    /// <returns>False when its key is there already: then it must not be sent.</returns>
    public Task<bool> BeginAsync(PressLogEntry entry) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = Insert;
        var values = command.Parameters;
        values.AddWithValue("$key", entry.PressKey);
        values.AddWithValue("$button", entry.ButtonKey);
        values.AddWithValue("$label", entry.ButtonLabel);
        values.AddWithValue("$record", entry.RecordId);
        values.AddWithValue("$pid", entry.RecordPid);
        values.AddWithValue("$user", entry.UserName);
        values.AddWithValue("$language", entry.Language);
        values.AddWithValue("$at", entry.PressedAt.ToUnixTimeMilliseconds());
        values.AddWithValue("$url", entry.Url);
        values.AddWithValue("$request", entry.Request);
        return command.ExecuteNonQuery() == 1;
    });

    /// <summary>Enters how a press ended.</summary>
    public Task EndAsync(string pressKey, PressEnd end) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = SetEnd;
        var values = command.Parameters;
        values.AddWithValue("$key", pressKey);
        values.AddWithValue("$at", end.EndedAt.ToUnixTimeMilliseconds());
        values.AddWithValue("$outcome", end.Outcome?.ToString() ?? Lost);
        values.AddWithValue("$status", OrNull(end.Status));
        values.AddWithValue("$reason", OrNull(end.Reason));
        values.AddWithValue("$duration", OrNull((long?)end.Duration?.TotalMilliseconds));
        values.AddWithValue("$location", OrNull(end.Location));
        values.AddWithValue("$detail", OrNull(end.Detail));
        values.AddWithValue("$type", OrNull(end.AnswerType));
        values.AddWithValue("$answer", OrNull(end.Answer));
        values.AddWithValue("$message", OrNull(end.Message));
        return command.ExecuteNonQuery();
    });

    /// <summary>Ends, with an unknown outcome, every press that an earlier run of the plugin left running.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> EndLostAsync(DateTimeOffset now) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = SetLost;
        command.Parameters.AddWithValue("$at", now.ToUnixTimeMilliseconds());
        return command.ExecuteNonQuery();
    });

    /// <summary>One press, or null.</summary>
    public PressLogEntry? Find(string pressKey) => Select(SelectOne, 1, ("$key", pressKey)).FirstOrDefault();

    /// <summary>The latest presses on a record, newest first.</summary>
    public IReadOnlyList<PressLogEntry> ReadOfRecord(long recordId, int limit) => Select(SelectOfRecord, limit, ("$record", recordId));

    /// <summary>The latest presses, newest first.</summary>
    public IReadOnlyList<PressLogEntry> ReadLatest(int limit) => Select(SelectLatest, limit);

    private List<PressLogEntry> Select(string sql, int limit, params (string Name, object Value)[] parameters) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        if (sql.Contains("$limit", StringComparison.Ordinal))
            command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var entries = new List<PressLogEntry>();
        while (reader.Read())
            entries.Add(ReadEntry(reader));
        return entries;
    });

    private static PressLogEntry ReadEntry(SqliteDataReader row) => new()
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

    private static PressEnd ReadEnd(SqliteDataReader row) => new()
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

    private static string? TextOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static object OrNull<T>(T? value) => (object?)value ?? DBNull.Value;
}
