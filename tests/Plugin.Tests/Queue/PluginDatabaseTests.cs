using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Queue;

public sealed class PluginDatabaseTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private PluginDatabase _database = null!;

    private string File => Path.Combine(_folder, "webhooks.db");

    public Task InitializeAsync()
    {
        _database = TestDatabase.Open(File);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task Every_commit_is_synchronised_and_readers_do_not_write()
    {
        // 2 is FULL.
        Assert.Equal(2L, await _database.WriteAsync(c => (long)c.Prepared("PRAGMA synchronous").ExecuteScalar()!));
        Assert.Equal("wal", await _database.WriteAsync(c => (string)c.Prepared("PRAGMA journal_mode").ExecuteScalar()!));
        Assert.Throws<SqliteException>(() => _database.Read(c => c.Prepared("DELETE FROM reader").ExecuteNonQuery()));
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task Only_work_that_would_be_done_again_leaves_the_disk_for_the_next_commit()
    {
        // 1 is NORMAL: the log is synchronised with the next commit that is.
        Assert.Equal(1L, await _database.WriteRepeatableAsync(c => (long)c.Prepared("PRAGMA synchronous").ExecuteScalar()!));
        Assert.Equal(2L, await _database.WriteAsync(c => (long)c.Prepared("PRAGMA synchronous").ExecuteScalar()!));

        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var first = _database.WriteRepeatableAsync(c =>
        {
            entered.Release();
            go.Wait();
            return 0L;
        });
        await entered.WaitAsync();
        var together = new[]
        {
            _database.WriteRepeatableAsync(c => (long)c.Prepared("PRAGMA synchronous").ExecuteScalar()!),
            _database.WriteAsync(c => (long)c.Prepared("PRAGMA synchronous").ExecuteScalar()!),
        };
        go.Release();
        await first;
        Assert.All(await Task.WhenAll(together), level => Assert.Equal(2L, level));
    }

    [Fact]
    public async Task Work_that_waits_together_is_committed_together()
    {
        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var first = _database.WriteAsync(c =>
        {
            entered.Release();
            go.Wait();
            return 0L;
        });
        await entered.WaitAsync();
        var changesBefore = 0L;
        var waiting = Enumerable.Range(0, 100).Select(i => _database.WriteAsync(c =>
        {
            if (i == 0)
                changesBefore = Commits(c);
            Insert(c, $"r{i}");
            return Commits(c);
        })).ToList();
        go.Release();
        await first;
        var commits = await Task.WhenAll(waiting);
        Assert.All(commits, count => Assert.Equal(changesBefore, count)); // no commit came between the hundred
        Assert.Equal(100, Count());
    }

    [Fact]
    public async Task Work_that_throws_is_undone_alone()
    {
        using var go = new SemaphoreSlim(0);
        var blocker = _database.WriteAsync(c =>
        {
            go.Wait();
            return 0;
        });
        var good = _database.WriteAsync(c => Insert(c, "good"));
        var bad = _database.WriteAsync(c =>
        {
            Insert(c, "bad");
            return Insert(c, "good");
        });
        var later = _database.WriteAsync(c => Insert(c, "later"));
        go.Release();
        await blocker;
        await good;
        await later;
        await Assert.ThrowsAnyAsync<DbException>(() => bad);
        Assert.Equal(2, Count());
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task When_the_disk_is_full_nothing_is_half_stored_and_later_it_goes_on()
    {
        await _database.WriteAsync(c => Insert(c, "before"));
        var pages = await _database.WriteAsync(c => (long)c.Prepared("PRAGMA page_count").ExecuteScalar()!);
        await _database.WriteAsync(c => (long)c.Prepared($"PRAGMA max_page_count = {pages}").ExecuteScalar()!);
        var big = new string('x', 100_000);
        await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(c =>
        {
            Insert(c, "half");
            return Insert(c, big);
        }));
        Assert.Equal(1, Count());
        await _database.WriteAsync(c => (long)c.Prepared("PRAGMA max_page_count = 1000000").ExecuteScalar()!);
        await _database.WriteAsync(c => Insert(c, big));
        Assert.Equal(2, Count());
    }

    [Fact]
    public async Task Opening_again_finds_everything_and_migrates_nothing()
    {
        await _database.WriteAsync(c => Insert(c, "kept"));
        var version = Version();
        await _database.DisposeAsync();
        _database = TestDatabase.Open(File);
        Assert.Equal(1, Count());
        Assert.Equal(version, Version());
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task A_file_in_use_is_refused_with_the_remedy_and_free_again_after_closing()
    {
        await _database.WriteAsync(c => Insert(c, "first"));
        var refused = Assert.Throws<InvalidOperationException>(() => TestDatabase.Open(File));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        Assert.Contains("storage.file", refused.Message, StringComparison.Ordinal);
        await _database.WriteAsync(c => Insert(c, "second")); // the refusal did no harm
        await _database.DisposeAsync();
        _database = TestDatabase.Open(File);
        Assert.Equal(2, Count());
    }

    [Fact]
    public async Task A_newer_database_is_refused_with_the_remedy()
    {
        await _database.WriteAsync(c => c.Prepared(TestDatabase.IsOnPostgres ? "UPDATE schema_version SET number = 999" : "PRAGMA user_version = 999").ExecuteNonQuery());
        await _database.DisposeAsync();
        var refused = Assert.Throws<InvalidOperationException>(() => TestDatabase.Open(File));
        Assert.Contains("has version 999", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Install the newer plugin", refused.Message, StringComparison.Ordinal);
        _database = TestDatabase.Open(Path.Combine(_folder, "other.db"));
    }

    [Fact]
    public async Task After_closing_work_is_refused_and_what_was_taken_in_is_done()
    {
        var last = _database.WriteAsync(c => Insert(c, "last"));
        await _database.DisposeAsync();
        await last;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _database.WriteAsync(c => 0));
        Assert.Throws<ObjectDisposedException>(() => _database.Read(c => 0));
        _database = TestDatabase.Open(File);
        Assert.Equal(1, Count());
    }

    private static int Insert(PluginConnection c, string name) =>
        c.Prepared("INSERT INTO reader (name, position) VALUES (@name, 0)").Bind("@name", name).ExecuteNonQuery();

    private long Version() => _database.Read(c => Convert.ToInt64(
        c.Prepared(TestDatabase.IsOnPostgres ? "SELECT number FROM schema_version" : "PRAGMA user_version").ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));

    // What another connection would see: rises with each commit.
    private long Commits(PluginConnection c) => _database.Read(reader => (long)reader.Prepared("SELECT count(*) FROM reader").ExecuteScalar()!);

    private int Count() => _database.Read(c => Convert.ToInt32(c.Prepared("SELECT count(*) FROM reader").ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));
}
