using NpgsqlTypes;

namespace SampleHost.Storage.Copy;

/// <summary>A column as PostgreSQL has it.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, such as <c>bigint</c>.</param>
/// <param name="IsGenerated">Whether the database makes its value of others.</param>
/// <param name="IsIdentity">Whether it numbers the rows.</param>
/// <param name="IsNeeded">Whether a row must give it.</param>
internal sealed record TargetColumn(string Table, string Name, string Type, bool IsGenerated, bool IsIdentity, bool IsNeeded);

/// <summary>A table that both sides have, and what of it is copied.</summary>
internal sealed record CopiedTable(SourceTable Source, IReadOnlyList<string> Columns, IReadOnlyList<NpgsqlDbType> Types, string? Identity)
{
    public string Name => Source.Name;

    /// <summary>Finds the place of every value. What only the target has is left as it is.</summary>
    /// <exception cref="InvalidOperationException">Something would be left behind; the message says what.</exception>
    public static IReadOnlyList<CopiedTable> Match(IEnumerable<SourceTable> sources, ILookup<string, TargetColumn> target, string schema)
    {
        var copied = new List<CopiedTable>();
        foreach (var source in sources)
        {
            if (target.Contains(source.Name))
                copied.Add(Match(source, [.. target[source.Name]], schema));
            else if (source.Rows > 0)
                throw Misfit($"the table {source.Name} has rows, and {schema} has no such table");
        }

        return copied;
    }

    private static CopiedTable Match(SourceTable source, IReadOnlyList<TargetColumn> target, string schema)
    {
        foreach (var missing in source.Columns.Where(name => target.All(column => column.Name != name)))
            throw Misfit($"{schema}.{source.Name} has no column {missing}");
        foreach (var needed in target.Where(column => column is { IsNeeded: true, IsGenerated: false } && !source.Columns.Contains(column.Name)))
            throw Misfit($"{schema}.{source.Name} needs a {needed.Name}, which the file does not have");
        var columns = target.Where(column => !column.IsGenerated && source.Columns.Contains(column.Name)).ToList();
        return new CopiedTable(
            source,
            [.. columns.Select(column => column.Name)],
            [.. columns.Select(column => TypeOf(column, schema))],
            columns.Find(column => column.IsIdentity)?.Name);
    }

    private static NpgsqlDbType TypeOf(TargetColumn column, string schema) => column.Type switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw Misfit($"{schema}.{column.Table}.{column.Name} is of the type {column.Type}, and no value of the file is"),
    };

    private static InvalidOperationException Misfit(string what) =>
        new($"The tables do not match: {what}. Copy with the same version of host and plugins that is to serve afterwards.");
}
