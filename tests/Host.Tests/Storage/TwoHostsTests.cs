using System.Net.Http.Json;
using Dam.Hosting;
using Dapper;
using SampleHost.Changes;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage;

/// <summary>Two hosts serve from one PostgreSQL database, as behind a load balancer.</summary>
public sealed class TwoHostsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RunningHost _one = null!;
    private RunningHost _other = null!;

    public async Task InitializeAsync()
    {
        var storage = PostgresServer.NewDatabase();
        _one = new RunningHost { Configure = Api.CookieDoor.Add, Postgres = storage };
        _other = new RunningHost { Configure = Api.CookieDoor.Add, Postgres = storage, WithAccounts = false };
        await Task.WhenAll(_one.InitializeAsync(), _other.InitializeAsync());
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [PostgresFact]
    public async Task What_one_saves_the_other_shows_and_its_change_log_wakes()
    {
        var before = await Log(_other).GetLastPositionAsync(default);
        var more = Log(_other).WaitForMoreAsync(before, default);
        var record = await _one.InsertAsync(new { title = "From one" });
        await more.WaitAsync(Patience);
        var change = Assert.Single(await Log(_other).ReadAfterAsync(before, 10, default));
        Assert.Equal((ChangeKind.RecordInserted, record.GetProperty("id").GetInt64()), (change.Kind, change.Record!.Id));
        using var shown = await _other.Editor.GetAsync($"/api/records/{record.GetProperty("id").GetInt64()}");
        Assert.Equal("From one", (await Answer.JsonAsync(shown, 200)).GetProperty("title").GetString());
        // Of two who edit on different hosts the second is told.
        var patch = new { title = "Edited" };
        using var first = await _one.Editor.SendAsync(new HttpRequestMessage(HttpMethod.Patch, shown.RequestMessage!.RequestUri!.PathAndQuery) { Content = JsonContent.Create(patch), Headers = { { "If-Match", "\"1\"" } } });
        using var second = await _other.Editor.SendAsync(new HttpRequestMessage(HttpMethod.Patch, shown.RequestMessage.RequestUri.PathAndQuery) { Content = JsonContent.Create(patch), Headers = { { "If-Match", "\"1\"" } } });
        Assert.Equal((200, 412), ((int)first.StatusCode, (int)second.StatusCode));
    }

    [PostgresFact]
    public async Task A_cookie_of_one_opens_the_other()
    {
        var handler = new SocketsHttpHandler();
        using var browser = _one.Client(null, handler);
        await Api.CookieDoor.SignInAsync(browser, "viewer");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/records");
        request.Headers.Add("Cookie", handler.CookieContainer.GetCookieHeader(_one.BaseUri));
        using var response = await _other.Nobody.SendAsync(request);
        await Answer.JsonAsync(response, 200);
    }

    [PostgresFact]
    public async Task A_reader_never_passes_a_change_that_is_committed_late()
    {
        var start = await Log(_one).GetLastPositionAsync(default);
        using var isAppended = new ManualResetEventSlim();
        using var mayCommit = new ManualResetEventSlim();
        // The one host has its change in the log, and does not commit yet.
        var slow = Store(_one).WriteAsync(
            scope =>
            {
                var change = Append(scope, "slow");
                isAppended.Set();
                Assert.True(mayCommit.Wait(Patience));
                return change;
            },
            default);
        Assert.True(isAppended.Wait(Patience));
        // The other host has one too. It is committed at once, or has to wait: either way nobody may see it before the first.
        var quick = Store(_other).WriteAsync(scope => Append(scope, "quick"), default);
        var seen = await Log(_other).ReadAfterAsync(start, 10, default);
        Assert.Empty(seen);
        Assert.False(quick.IsCompleted);
        mayCommit.Set();
        var (first, second) = (await slow, await quick);
        Assert.Equal((start + 1, start + 2), (first.Sequence, second.Sequence));
        Assert.Equal(first.Id, (await Log(_one).ReadAfterAsync(start, 1, default))[0].Id);
        Assert.Equal(second.Id, (await Log(_one).ReadAfterAsync(start + 1, 1, default))[0].Id);
    }

    [PostgresFact]
    public async Task Readers_on_both_see_every_change_once_and_in_one_order_while_both_write()
    {
        const int Each = 150;
        var start = await Log(_one).GetLastPositionAsync(default);
        var readers = new[] { _one, _other }.Select(host => Task.Run(async () =>
        {
            var (seen, position) = (new List<Guid>(), start);
            while (seen.Count < Each * 2)
            {
                await Log(host).WaitForMoreAsync(position, default);
                foreach (var change in await Log(host).ReadAfterAsync(position, 7, default))
                {
                    Assert.Equal(position + 1, change.Sequence);
                    position = change.Sequence;
                    seen.Add(change.Id);
                }
            }

            return seen;
        })).ToList();
        var written = await Task.WhenAll(Enumerable.Range(0, Each).SelectMany(number => new[] { _one, _other }
            .Select(host => Store(host).WriteAsync(scope => Append(scope, $"{number}").Id, default))));
        // Some are undone: they leave no gap.
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store(_one).WriteAsync<int>(scope =>
        {
            Append(scope, "undone");
            throw new InvalidOperationException("for the test");
        }, default));
        var seen = await Task.WhenAll(readers).WaitAsync(Patience);
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(written.Order(), seen[0].Order());
    }

    [PostgresFact]
    public async Task A_server_that_ends_all_connections_is_found_again()
    {
        await _one.InsertAsync(new { title = "Before" });
        // As when the server restarts: each connection is of no use at its next statement.
        Store(_other).Read(connection => connection.Execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
        var position = await Log(_other).GetLastPositionAsync(default);
        using var first = await _one.Editor.PostAsJsonAsync("/api/records", new { title = "First" });
        Assert.Contains((int)first.StatusCode, new[] { 201, 503 });
        await _one.InsertAsync(new { title = "After" });
        await Log(_other).WaitForMoreAsync(position, default).WaitAsync(Patience);
        using var health = await _one.Nobody.GetAsync("/healthz");
        await Answer.JsonAsync(health, 200);
    }

    private static Change Append(WriteScope scope, string title) => ChangeLog.Append(scope, new Change
    {
        Sequence = 0,
        Id = Guid.NewGuid(),
        Kind = ChangeKind.UserCreated,
        OccurredAt = scope.Now,
        Actor = new Actor(title),
        Via = ChangeOrigin.System,
    });

    private static ChangeLog Log(RunningHost host) => host.Get<ChangeLog>();

    private static Database Store(RunningHost host) => host.Get<Database>();
}
