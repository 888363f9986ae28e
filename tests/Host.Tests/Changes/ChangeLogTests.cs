using Dam.Hosting;
using Dapper;
using Microsoft.Data.Sqlite;
using SampleHost.Accounts;
using SampleHost.Changes;
using SampleHost.Records;
using SampleHost.Storage;

namespace Host.Tests.Changes;

/// <summary>The change log is complete, in commit order, and holds nothing that was not committed.</summary>
public sealed class ChangeLogTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();
    private RecordSaver _saver = null!;
    private ChangeLog _log = null!;
    private HostUser _editor = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        (_saver, _log, _editor) = (_host.Get<RecordSaver>(), _host.Get<ChangeLog>(), _host.Get<Users>().Find("editor")!);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_reader_beside_many_writers_skips_nothing_and_sees_nothing_twice()
    {
        const int writers = 8;
        const int each = 60;
        const int total = writers * each * 2;
        var reading = Task.Run(async () =>
        {
            var seen = new List<Change>();
            while (seen.Count < total)
            {
                var position = seen.Count > 0 ? seen[^1].Sequence : 0;
                await _log.WaitForMoreAsync(position, CancellationToken.None);
                seen.AddRange(await _log.ReadAfterAsync(position, 7, CancellationToken.None));
            }

            return seen;
        });
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var record = await InsertAsync($"{writer}/{i}");
                // Every fifth save is refused and must leave no trace.
                if (i % 5 == 0)
                    Assert.IsType<SaveResult.Invalid>(await _saver.InsertAsync(Insert(""), CancellationToken.None));
                Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "changed"));
            }
        })));

        var seen = await reading;
        var all = await _log.ReadAfterAsync(0, 10_000, CancellationToken.None);
        Assert.Equal(total, all.Count);
        Assert.Equal(all.Select(change => change.Id), seen.Select(change => change.Id));
        Assert.Equal(all.Select(change => change.Sequence), all.Select(change => change.Sequence).Order().Distinct());
        Assert.Equal(total, all.Select(change => change.Id).Distinct().Count());
        Assert.All(all.GroupBy(change => change.Record!.Id), changes =>
            Assert.Equal([ChangeKind.RecordInserted, ChangeKind.MetadataChanged], changes.Select(change => change.Kind)));
    }

    [Fact]
    public async Task A_save_that_breaks_leaves_no_change_and_spares_those_beside_it()
    {
        var database = _host.Get<Database>();
        var beside = Enumerable.Range(0, 20).Select(i => InsertAsync($"beside {i}")).ToList();
        var broken = Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync<int>(
            scope =>
            {
                new ChangeWriter(scope, _editor, ChangeOrigin.System).Append(ChangeKind.RecordInserted, null);
                throw new InvalidDataException("broken on purpose");
            },
            CancellationToken.None))).ToList();
        await Task.WhenAll(beside);
        await Task.WhenAll(broken);

        var all = await _log.ReadAfterAsync(0, 1_000, CancellationToken.None);
        Assert.Equal(20, all.Count);
        Assert.All(all, change => Assert.NotNull(change.Record));
    }

    [Fact]
    public async Task A_change_survives_reading_back_whole()
    {
        var record = await InsertAsync("Round trip");
        var saved = Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "Other"));
        var read = (await _log.ReadAfterAsync(0, 10, CancellationToken.None))[1];

        Assert.Equal(saved.Changes[0].Id, read.Id);
        Assert.Equal(7, read.Id.Version);
        Assert.Equal(ChangeOrigin.Page, read.Via);
        Assert.Equal(new Actor("editor") { UserId = _editor.Id }, read.Actor);
        Assert.Equal(TimeSpan.Zero, read.OccurredAt.Offset);
        Assert.Equal(saved.Record.ModifiedAt, read.OccurredAt);
        Assert.Equal(2, read.Record!.Version);
        Assert.Equal("Other", read.Record.Title);
        var field = Assert.Single(read.ChangedFields);
        Assert.Equal(("title", "Round trip", "Other"), (field.Name, field.Before[0], field.After[0]));
        Assert.Equal("https://www.ica.org/standards/RiC/ontology#title", read.Record.Fields[0].Predicate);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_change_or_with_its_token()
    {
        await InsertAsync("before");
        var last = await _log.GetLastPositionAsync(CancellationToken.None);
        await _log.WaitForMoreAsync(last - 1, CancellationToken.None);
        var waiting = _log.WaitForMoreAsync(last, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await InsertAsync("after");
        await waiting;

        using var source = new CancellationTokenSource();
        var cancelled = _log.WaitForMoreAsync(last + 1, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
    }

    [Fact]
    public async Task The_log_goes_on_after_a_restart()
    {
        await InsertAsync("first");
        await _host.RestartAsync();
        _saver = _host.Get<RecordSaver>();
        await InsertAsync("second");
        var all = await _host.Get<ChangeLog>().ReadAfterAsync(0, 10, CancellationToken.None);
        Assert.Equal(["first", "second"], all.Select(change => change.Record!.Title));
    }

    [Fact]
    public async Task A_limit_outside_the_range_is_a_mistake()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _log.ReadAfterAsync(0, 0, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _log.ReadAfterAsync(0, 10_001, CancellationToken.None));
    }

    [Fact]
    public async Task A_span_of_time_is_found_also_where_the_clock_was_set_back()
    {
        Assert.Equal(default, await FindAsync(null, null));
        foreach (var seconds in (int[])[0, 10, 20, 15, 30])
        {
            await InsertAsync($"{seconds}");
            await _host.Get<Database>().WriteAsync(
                scope => scope.Connection.Execute("UPDATE changes SET occurred_at = @at WHERE sequence = (SELECT max(sequence) FROM changes)", new { at = seconds * 1000 }),
                CancellationToken.None);
        }

        Assert.Equal(new ChangeStretch(0, 5), await FindAsync(null, null));
        Assert.Equal(new ChangeStretch(1, 4), await FindAsync(10, 30));
        Assert.Equal(new ChangeStretch(2, 4), await FindAsync(15, 20));
        Assert.Equal(new ChangeStretch(0, 1), await FindAsync(0, 10));
        Assert.Equal(new ChangeStretch(4, 4), await FindAsync(21, 30));
        Assert.Equal(new ChangeStretch(5, 5), await FindAsync(31, null));
        Assert.Equal(0, await _log.GetFirstPositionAsync(CancellationToken.None));

        Task<ChangeStretch> FindAsync(int? from, int? before) => _log.FindStretchAsync(At(from), At(before), CancellationToken.None);

        static DateTimeOffset? At(int? seconds) => seconds is null ? null : DateTimeOffset.UnixEpoch.AddSeconds(seconds.Value);
    }

    [Trait("Storage", "sqlite")]
    [Fact]
    public void Every_connection_is_durable()
    {
        using var connection = new SqliteConnection($"Data Source={_host.Get<Database>().Engine.Place};Pooling=false");
        connection.Open();
        Assert.Equal("wal", Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, _host.Get<Database>().Read(reader => Scalar(reader, "PRAGMA synchronous")));
    }

    private static object? Scalar(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private async Task<RecordSnapshot> InsertAsync(string title) =>
        Assert.IsType<SaveResult.Saved>(await _saver.InsertAsync(Insert(title), CancellationToken.None)).Record;

    private InsertRequest Insert(string title) =>
        new(_editor, ChangeOrigin.Page) { Fields = new Dictionary<string, IReadOnlyList<string>> { ["title"] = [title] } };

    private Task<SaveResult> UpdateAsync(RecordSnapshot record, string title) =>
        _saver.UpdateAsync(
            new UpdateRequest(record.Id, _editor, ChangeOrigin.Page)
            {
                ExpectedVersion = record.Version,
                Fields = new Dictionary<string, IReadOnlyList<string>> { ["title"] = [title] },
            },
            CancellationToken.None);
}
