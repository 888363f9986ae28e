using System.Text.Json;
using SampleHost.Records;

namespace SampleHost.Storage;

/// <summary>
/// Lists as parameters: JSON text that a statement takes apart with <c>json_each</c>, which both database systems have. Dapper's own lists become another statement for each
/// length on SQLite, and on PostgreSQL an array that IN does not take.
/// </summary>
internal static class SqlList
{
    /// <summary>For <c>IN (SELECT CAST(value AS bigint) FROM json_each(@list))</c>.</summary>
    public static string Of(IEnumerable<long> numbers) => JsonSerializer.Serialize([.. numbers], FieldsJson.Default.IReadOnlyListInt64);

    /// <summary>For <c>IN (SELECT value FROM json_each(@list))</c>.</summary>
    public static string Of(IEnumerable<string> texts) => JsonSerializer.Serialize([.. texts], FieldsJson.Default.IReadOnlyListString);
}
