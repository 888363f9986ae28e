using Microsoft.Data.Sqlite;
using SampleHost.Storage;

namespace Host.Tests.Storage;

public sealed class MigrationsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dam-test-").FullName;

    private SqliteEngine Engine => new(Path.Combine(_folder, "test.db"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Running_twice_does_nothing_the_second_time()
    {
        using var connection = Open();
        Assert.Equal(Migrations.ReadAll(Engine.MigrationFolder).Select(migration => migration.Name), Migrations.Apply(Engine, connection));
        var schema = Schema(connection);
        Assert.Empty(Migrations.Apply(Engine, connection));
        Assert.Equal(schema, Schema(connection));
    }

    [Fact]
    public async Task Two_at_the_same_time_apply_each_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var connection = Open();
            return Migrations.Apply(Engine, connection);
        })));
        Assert.Equal(Migrations.ReadAll(Engine.MigrationFolder).Select(migration => migration.Name), applied.SelectMany(names => names).Order());
    }

    [Fact]
    public void Numbers_run_without_gaps_and_a_newer_database_is_refused()
    {
        var numbers = Migrations.ReadAll(Engine.MigrationFolder).Select(migration => migration.Number).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);

        using var connection = Open();
        Migrations.Apply(Engine, connection);
        Execute(connection, "PRAGMA user_version = 999");
        Assert.Contains("newer version", Assert.Throws<InvalidOperationException>(() => Migrations.Apply(Engine, connection)).Message);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "test.db")};Pooling=false");
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout = 10000");
        return connection;
    }

    private static string Schema(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(sql) FROM sqlite_schema";
        return (string)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
