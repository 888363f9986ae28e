using Dam.Hosting;
using Microsoft.Data.Sqlite;

namespace Fixture.Hello;

/// <summary>A database of the plugin's own.</summary>
internal sealed class Visits(PluginContext context)
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(context.DataDirectory, "hello.db"),
        Pooling = false,
    }.ToString();

    public async Task CreateAsync() => await ExecuteAsync("create table if not exists visits (id integer primary key)");

    public async Task<long> AddAsync() =>
        (long)(await ExecuteAsync("insert into visits default values; select count(*) from visits"))!;

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection(_connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the literals above come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
