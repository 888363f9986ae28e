using Dapper;
using System.Data.Common;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>The keys of presses whose save was committed: a form sent twice is saved once.</summary>
internal static class PressKeyRows
{
    /// <summary>Whether a save with this key was committed; false for no key.</summary>
    public static bool Has(DbConnection connection, string? pressKey) =>
        pressKey is not null && connection.ExecuteScalar<long?>(FindSql, new { pressKey }) is not null;

    /// <summary>Keeps the key of the save in whose transaction this runs, if it has one.</summary>
    public static void Keep(WriteScope scope, UpdateRequest request)
    {
        if (request.PressKey is { } pressKey)
            scope.Connection.Execute(InsertSql, new { pressKey, request.RecordId, now = scope.Now.ToUnixTimeMilliseconds() });
    }

    private const string FindSql = "SELECT record_id FROM press_keys WHERE press_key = @pressKey";
    private const string InsertSql = "INSERT INTO press_keys (press_key, record_id, created_at) VALUES (@pressKey, @RecordId, @now)";
}
