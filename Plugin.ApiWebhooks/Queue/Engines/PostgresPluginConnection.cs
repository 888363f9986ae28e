using System.Data;
using System.Data.Common;
using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>A connection to PostgreSQL.</summary>
internal sealed class PostgresPluginConnection(NpgsqlConnection connection) : PluginConnection
{
    /// <summary>Whether it can still be used.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>The transaction that was begun last, as PostgreSQL counts them; null for none that could write.</summary>
    public string? Transaction { get; set; }

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => connection.CreateCommand();

    /// <summary>A command with values by position.</summary>
    public NpgsqlCommand CreateCommand(string sql) => new(sql, connection);

    /// <inheritdoc/>
    protected override HotStatement CreateHot(string sql) => new PostgresHotStatement(this, sql);

    /// <inheritdoc/>
    protected override void Close() => connection.Dispose();
}
