using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Kill;

/// <summary>A SQLite file of the host's process, seen and held from outside.</summary>
internal static class SqliteFile
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>The host's database.</summary>
    public static string OfHost(HostProcess host) => Path.Combine(host.DataDirectory, "host.db");

    /// <summary>The plugin's database.</summary>
    public static string OfPlugin(HostProcess host) => Path.Combine(host.DataDirectory, "plugins", "ApiWebhooks", "webhooks.db");

    /// <summary>Takes the right to write: until it is given back, no other process commits anything to the file.</summary>
    public static WriteRight TakeWriting(string file) => new(file);

    /// <summary>Waits until a query of the running process's file gives a value.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public static async Task WaitUntilAsync(string file, string sql, Func<long, bool> isSo, TimeSpan patience)
    {
        await using var connection = await OpenAsync(file);
        using var over = new CancellationTokenSource(patience);
        long value;
        while (!isSo(value = await ReadAsync(connection, sql)))
        {
            if (over.IsCancellationRequested)
                throw new TimeoutException($"After {patience}, {sql} gives {value}.");
            // Nothing tells another process of a commit: SQLite is asked.
            await Task.Delay(s_look, TimeProvider.System);
        }
    }

    /// <summary>
    /// Asks the file as a killed process left it. Asked of a copy: opening the file itself would already recover it, which is for the process's next start.
    /// </summary>
    public static async Task<long> ReadDeadAsync(string file, string sql)
    {
        var folder = Directory.CreateTempSubdirectory("dam-dead-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(file));
            foreach (var ending in new[] { "", "-wal" })
            {
                if (File.Exists(file + ending))
                    File.Copy(file + ending, copy + ending);
            }

            await using var connection = await OpenAsync(copy);
            return await ReadAsync(connection, sql);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        await connection.OpenAsync();
        LeaveLogOnClose(connection);
        return connection;
    }

    // Closed last, a connection would empty the log into the database, as only the process under test shall.
    private static void LeaveLogOnClose(SqliteConnection connection) =>
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    private static async Task<long> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>The right to write to a file, taken from everybody else.</summary>
    internal sealed class WriteRight : IDisposable
    {
        private readonly SqliteConnection _connection;

        public WriteRight(string file)
        {
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            _connection.Open();
            LeaveLogOnClose(_connection);
            using var command = _connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
        }

        // Nothing was written: closing gives the right back.
        public void Dispose() => _connection.Dispose();
    }
}
