using Dapper;
using Host.Tests.Loading;
using Microsoft.Data.Sqlite;
using Npgsql;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage;

/// <summary>What stands in the way of a copy is told with what to do, and nothing that was there is harmed.</summary>
[Trait("Storage", "sqlite")]
public sealed class StorageCopyRefusalTests : IAsyncLifetime
{
    private readonly string _target = PostgresServer.Missing is null ? PostgresServer.NewDatabase() : "";
    private readonly RunningHost _host = new() { Postgres = null };

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.InsertAsync(new { title = "A map" });
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [PostgresFact]
    public async Task A_value_that_differs_afterwards_is_told_and_no_host_serves_it()
    {
        await _host.StopAsync();
        var (code, _, error) = await CopyCommand.RunAsync(_host, _target, line =>
        {
            if (line.StartsWith("All rows are copied.", StringComparison.Ordinal))
                Execute("UPDATE dam.records SET title = title || ' '");
        });
        Assert.Equal(1, code);
        Assert.StartsWith("dam.records is not what it should be: 1 rows, checksum ", error, StringComparison.Ordinal);
        Assert.Contains("DROP SCHEMA dam CASCADE", error, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.RestartAsync(_target));

        Execute("DROP SCHEMA dam CASCADE");
        Assert.Equal(0, (await CopyCommand.RunAsync(_host, _target)).Code);
    }

    [PostgresFact]
    public async Task A_database_that_holds_something_is_left_as_it_is()
    {
        await _host.StopAsync();
        var other = new RunningHost { Postgres = _target };
        await using (new Disposing(other))
        {
            await other.InitializeAsync();
            await other.InsertAsync(new { title = "Of another host" });
        }

        var (code, _, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("has tables already", error, StringComparison.Ordinal);
        Assert.Equal("Of another host", Execute("SELECT title FROM dam.records"));
    }

    [PostgresFact]
    public async Task What_was_copied_is_not_copied_again()
    {
        await _host.StopAsync();
        Assert.Equal(0, (await CopyCommand.RunAsync(_host, _target)).Code);
        var (code, _, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("if it was copied before, nothing is left to do", error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_plugins_tables_that_hold_something_are_left_as_they_are()
    {
        PluginFolders.Put("Plugin.ApiWebhooks", _host.PluginsDirectory, "ApiWebhooks");
        await _host.RestartAsync();
        await _host.StopAsync();
        Execute("CREATE SCHEMA api_webhooks; CREATE TABLE api_webhooks.mine (one integer)");
        var (code, _, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("The schema api_webhooks", error, StringComparison.Ordinal);
        // Once that is out of the way it goes on.
        Execute("DROP SCHEMA api_webhooks CASCADE");
        Assert.Equal(0, (await CopyCommand.RunAsync(_host, _target)).Code);
    }

    [PostgresFact]
    public async Task While_the_host_serves_nothing_is_copied()
    {
        var (code, _, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("Stop the host", error, StringComparison.Ordinal);
        Assert.Null(Execute("SELECT to_regclass('dam.records')::text"));
    }

    [PostgresFact]
    public async Task The_beginning_of_another_copy_is_not_gone_on_with()
    {
        await _host.StopAsync();
        Assert.Equal(1, (await CopyCommand.RunAsync(_host, _target, line => Execute("DROP TABLE IF EXISTS dam.files CASCADE"))).Code);
        var other = new RunningHost { Postgres = null };
        await using var own = new Disposing(other);
        await other.InitializeAsync();
        await other.StopAsync();
        var (code, _, error) = await CopyCommand.RunAsync(other, _target);
        Assert.Equal(1, code);
        Assert.Contains($"is being filled from {Path.Combine(_host.DataDirectory, Database.FileName)}", error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Names_that_PostgreSQL_takes_for_one_are_told_without_their_values()
    {
        await _host.StopAsync();
        ExecuteOnFile("UPDATE users SET name = 'jörg' WHERE name = 'viewer'; UPDATE users SET name = 'JÖRG' WHERE name = 'editor'");
        var (code, output, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("dam.users refuses a row of the file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("jörg", output + error, StringComparison.OrdinalIgnoreCase);
    }

    [PostgresFact]
    public async Task A_table_for_which_there_is_no_place_is_not_left_behind()
    {
        await _host.StopAsync();
        ExecuteOnFile("CREATE TABLE mine (one INTEGER) STRICT; INSERT INTO mine VALUES (1)");
        var (code, _, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(1, code);
        Assert.Contains("the table mine has rows, and dam has no such table", error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_server_that_is_not_there_is_told_and_no_password_with_it()
    {
        await _host.StopAsync();
        var (code, output, error) = await CopyCommand.RunAsync(_host, "Host=127.0.0.1;Port=9;Database=dam;Username=dam;Password=s3cret;Timeout=5");
        Assert.Equal(1, code);
        Assert.Contains("run the command again", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output + error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Data_of_a_plugin_that_is_not_there_is_told_to_stay()
    {
        await _host.StopAsync();
        Directory.CreateDirectory(Path.Combine(_host.DataDirectory, "plugins", "Former"));
        var (code, output, _) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal(0, code);
        Assert.Contains("Left as it is: the data of the plugin Former", output, StringComparison.Ordinal);
    }

    private void ExecuteOnFile(string sql)
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(_host.DataDirectory, Database.FileName)};Pooling=false");
        file.Execute(sql);
    }

    private object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection(_target + ";Pooling=false");
        return connection.ExecuteScalar(sql);
    }
}
