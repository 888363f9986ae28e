using Dapper;
using System.Data.Common;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>A named set of records to which roles can be given.</summary>
internal sealed record Collection
{
    /// <summary>Positive, never given again.</summary>
    public required long Id { get; init; }

    public required string Name { get; init; }
    public required string Label { get; init; }
}

internal sealed class Collections(Database database)
{
    public IReadOnlyList<Collection> All() =>
        database.Read(connection => connection.Query<Collection>("SELECT id AS Id, name AS Name, label AS Label FROM collections ORDER BY name").AsList());

    public async Task<CreateResult> CreateAsync(string name, string label, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            return new CreateResult.Refused($"The name '{name}' cannot be used: 1 to 64 lower-case letters, digits, - and _ are allowed.");
        return await database.WriteAsync<CreateResult>(
            scope =>
            {
                if (Exists(scope.Connection, name))
                    return new CreateResult.Refused($"There is already a collection '{name}'.");
                return new CreateResult.Created(scope.Connection.ExecuteScalar<long>(
                    InsertSql, new { name, label = string.IsNullOrWhiteSpace(label) ? name : label.Trim(), now = scope.Now.ToUnixTimeMilliseconds() }));
            },
            cancellationToken);
    }

    public static bool Exists(DbConnection connection, string name) => FindId(connection, name) is not null;

    /// <summary>The id of a collection, or null when there is none of that name.</summary>
    public static long? FindId(DbConnection connection, string name) =>
        connection.ExecuteScalar<long?>("SELECT id FROM collections WHERE name = @name", new { name });

    private const string InsertSql = """
        INSERT INTO collections (id, name, label, created_at)
        SELECT coalesce(max(id), 0) + 1, @name, @label, @now FROM collections
        RETURNING id
        """;
}
