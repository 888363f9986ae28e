using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Plugin.Tests;
using SampleHost.Workflow;
using Tests.Postgres;

namespace Host.Tests.Api;

/// <summary>Entries that are approved for a later time are published at that time, neither earlier nor twice, and also when the host was stopped then.</summary>
public sealed class ScheduledPublicationTests : IAsyncLifetime
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_later = TimeSpan.FromHours(3) + TimeSpan.FromMilliseconds(7);

    private readonly FakeClock _clock = new();
    private readonly RunningHost _host;

    public ScheduledPublicationTests() =>
        _host = new RunningHost { Configure = builder => builder.Services.AddSingleton<TimeProvider>(_clock) };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_published_at_its_time_on_behalf_of_who_scheduled_it()
    {
        var id = await InsertAsync();
        await RaiseAsync(id, "submit");
        Assert.Equal("scheduled True", await RaiseAsync(id, "scheduledApprove", s_later));

        // To the last moment before it, which no other timer of the host's waits for.
        _clock.Advance(s_later - s_moment);
        Assert.Equal(0, await _host.Get<ScheduledPublications>().PublishDueAsync(CancellationToken.None));
        Assert.Equal("scheduled True", await ReadAsync(id));
        var last = await _host.Get<IChangeLog>().GetLastPositionAsync(CancellationToken.None);
        await WaitForTimerAsync(s_moment);
        _clock.Advance(s_moment);
        var due = _clock.GetUtcNow();
        await WaitForMoreAsync(last);

        Assert.Equal("versionComplete False", await ReadAsync(id));
        var changes = (await ChangesAsync()).Where(change => change.Sequence > last).ToList();
        Assert.Equal([ChangeKind.WorkflowStateChanged, ChangeKind.RecordPublished], changes.Select(change => change.Kind));
        Assert.All(changes, change =>
        {
            Assert.Equal(("admin", ChangeOrigin.System), (change.Actor.UserName, change.Via));
            Assert.InRange(change.OccurredAt, due, _clock.GetUtcNow());
            Assert.Equal(new RecordStatus(false, true, "scheduled"), change.PreviousStatus);
        });
        Assert.Equal(new WorkflowStep("contensisEntryApproval", "publish", "scheduled", "versionComplete"), changes[0].Workflow);
        Assert.Equal(0, await _host.Get<ScheduledPublications>().PublishDueAsync(CancellationToken.None));
        Assert.Null(_host.Get<ScheduledPublications>().FindNext());
    }

    [Fact]
    public async Task What_came_due_while_the_host_was_stopped_is_published_at_its_start()
    {
        var id = await InsertAsync();
        await RaiseAsync(id, "submitAndScheduledApprove", TimeSpan.FromHours(3));
        var last = await _host.Get<IChangeLog>().GetLastPositionAsync(CancellationToken.None);
        await _host.StopAsync();
        _clock.Advance(TimeSpan.FromDays(2));
        await _host.RestartAsync();
        await WaitForMoreAsync(last);
        Assert.Equal("versionComplete False", await ReadAsync(id));
    }

    [PostgresFact]
    public async Task What_another_host_scheduled_is_published_although_that_host_is_gone()
    {
        await using var host = new RunningHost { Postgres = PostgresServer.NewDatabase(), Configure = builder => builder.Services.AddSingleton<TimeProvider>(_clock) };
        await host.InitializeAsync();
        var id = (await host.InsertAsync(new { type = "blog", title = "An entry" })).GetProperty("id").GetInt64();
        var last = await host.Get<IChangeLog>().GetLastPositionAsync(CancellationToken.None);
        await using (var source = NpgsqlDataSource.Create(host.Postgres!))
        await using (var command = source.CreateCommand(string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO dam.scheduled_publications (record_id, publish_at, scheduled_by) VALUES ({id}, {_clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds()}, 'admin')")))
        {
            await command.ExecuteNonQueryAsync();
        }

        // Each look is followed by the next a minute later, however late it sets its timer.
        var published = host.Get<IChangeLog>().WaitForMoreAsync(last, CancellationToken.None);
        for (var minutes = 0; !published.IsCompleted && minutes < 600; minutes++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(published, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }
        await published.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
        using var response = await host.Admin.GetAsync($"/api/records/{id}");
        Assert.Equal("versionComplete False", Tell(await Answer.JsonAsync(response, 200)));
    }

    [Theory]
    [InlineData("cancel", "draft True")]
    [InlineData("publishNow", "versionComplete False")]
    public async Task A_step_taken_before_undoes_the_schedule(string step, string expected)
    {
        var id = await InsertAsync();
        await RaiseAsync(id, "submitAndScheduledApprove", TimeSpan.FromHours(3));
        Assert.Equal(expected, await RaiseAsync(id, step));
        Assert.Null(_host.Get<ScheduledPublications>().FindNext());
        _clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(0, await _host.Get<ScheduledPublications>().PublishDueAsync(CancellationToken.None));
        Assert.Equal(expected, await ReadAsync(id));
    }

    [Fact]
    public async Task A_deleted_record_is_due_no_more()
    {
        var id = await InsertAsync();
        await RaiseAsync(id, "submitAndScheduledApprove", TimeSpan.FromHours(3));
        (await _host.Admin.DeleteAsync($"/api/records/{id}")).EnsureSuccessStatusCode().Dispose();
        Assert.Null(_host.Get<ScheduledPublications>().FindNext());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"at":"2026-03-01T11:59:59Z"}""")]
    [InlineData("""{"at":"2026-03-09T12:00:00"}""")]
    [InlineData("""{"at":"tomorrow"}""")]
    [InlineData("""{"at":1772366400}""")]
    [InlineData("""{"when":"2026-03-09T12:00:00Z"}""")]
    public async Task A_step_that_schedules_takes_a_time_to_come_with_its_offset(string json)
    {
        var id = await InsertAsync();
        using var response = await _host.Admin.PostAsync(
            $"/api/records/{id}/workflow/submitAndScheduledApprove", new StringContent(json, null, "application/json"));
        await Answer.ProblemAsync(response, 422);
        Assert.Equal("draft True", await ReadAsync(id));
    }

    private async Task<long> InsertAsync() => (await _host.InsertAsync(new { type = "blog", title = "An entry" })).GetProperty("id").GetInt64();

    private async Task<string> RaiseAsync(long id, string step, TimeSpan? later = null)
    {
        var path = $"/api/records/{id}/workflow/{step}";
        using var response = later is { } wait
            ? await _host.Admin.PostAsJsonAsync(path, new { at = (_clock.GetUtcNow() + wait).ToOffset(TimeSpan.FromHours(2)) })
            : await _host.Admin.PostAsync(path, null);
        return Tell(await Answer.JsonAsync(response, 200));
    }

    private async Task<string> ReadAsync(long id)
    {
        using var response = await _host.Admin.GetAsync($"/api/records/{id}");
        return Tell(await Answer.JsonAsync(response, 200));
    }

    // A clock that jumps passes whoever reads the time and sets his timer a moment later.
    private async Task WaitForTimerAsync(TimeSpan within)
    {
        var isSet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.TimerSet += Look;
        _host.Get<ScheduledPublications>().Look();
        Look();
        await isSet.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        _clock.TimerSet -= Look;

        void Look()
        {
            if (_clock.NextTimer() <= within)
                isSet.TrySetResult();
        }
    }

    // By a clock that goes: the host's own stands, and whoever read it just before it was moved waits for another moment.
    private async Task WaitForMoreAsync(long position)
    {
        var more = _host.Get<IChangeLog>().WaitForMoreAsync(position, CancellationToken.None);
        for (var patience = 0; patience < 12 && await Task.WhenAny(more, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System)) != more; patience++)
            _clock.Advance(s_moment);
        await more.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    private static string Tell(JsonElement record) => $"{record.GetProperty("workflowState")} {record.GetProperty("draft")}";

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
