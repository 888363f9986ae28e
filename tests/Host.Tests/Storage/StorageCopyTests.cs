using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using Dapper;
using Host.Tests.Api;
using Host.Tests.Loading;
using Microsoft.Data.Sqlite;
using Npgsql;
using SampleHost.Changes;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage;

/// <summary>A host moves from SQLite to PostgreSQL with everything that it and its plugin keep, and goes on as if nothing had happened.</summary>
[Trait("Storage", "sqlite")]
public sealed class StorageCopyTests : IAsyncLifetime
{
    private readonly string _target = PostgresServer.Missing is null ? PostgresServer.NewDatabase() : "";
    private readonly RunningHost _host = new() { Configure = CookieDoor.Add, Postgres = null };

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _host.DisposeAsync();

    [PostgresFact]
    public async Task The_host_answers_the_same_from_the_database_and_old_cookies_and_keys_open_it()
    {
        await _host.InitializeAsync();
        await FillAsync();
        var handler = new SocketsHttpHandler();
        using var browser = _host.Client(null, handler);
        await CookieDoor.SignInAsync(browser, "viewer");
        var cookie = handler.CookieContainer.GetCookieHeader(_host.BaseUri);
        var before = await AnswersAsync();
        await _host.StopAsync();

        var (code, output, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("dam.records: 3 rows, checksum ", output, StringComparison.Ordinal);

        await _host.RestartAsync(_target);
        Assert.IsType<PostgresEngine>(_host.Get<Database>().Engine);
        Assert.Equal(before, await AnswersAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/records") { Headers = { { "Cookie", cookie } } };
        using var response = await _host.Nobody.SendAsync(request);
        await Answer.JsonAsync(response, 200);

        // Numbers go on: neither a record nor a change has that of one that is gone.
        Assert.Equal(5, (await _host.InsertAsync(new { title = "New" })).GetProperty("id").GetInt64());
        var log = await _host.Get<ChangeLog>().ReadAfterAsync(0, 1000, default);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(number => (long)number), log.Select(change => change.Sequence));
        using var deleted = await _host.SysAdmin.DeleteAsync("/api/records/1");
        Assert.Equal(204, (int)deleted.StatusCode);
        using var database = Connect();
        Assert.Equal(0, database.ExecuteScalar<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'storage\\_copy%'"));
        Assert.Equal(0, database.ExecuteScalar<long>("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'"));
        Assert.NotEqual(0, database.ExecuteScalar<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'dam.records'::regclass"));
    }

    [PostgresFact]
    public async Task The_plugin_goes_on_where_it_was_with_its_secrets_and_its_history()
    {
        await using var receiver = await Receiver.StartAsync();
        var authority = new Uri(receiver.Url).Authority;
        Directory.CreateDirectory(Path.Combine(_host.PluginsDirectory, "ApiWebhooks"));
        await File.WriteAllTextAsync(
            Path.Combine(_host.PluginsDirectory, "ApiWebhooks", "config.json"),
            $$"""{ "hooks": [{ "label": "Index", "url": "{{receiver.Url}}/index" }], "network": { "allow": ["{{authority}}"] } }""");
        PluginFolders.Put("Plugin.ApiWebhooks", _host.PluginsDirectory, "ApiWebhooks");
        await _host.InitializeAsync();
        // Its secret is kept nowhere else, and encrypted.
        using var made = await _host.Admin.PostAsJsonAsync("/api/webhooks/subscriptions", new { label = "Stored", dialect = "standard", url = $"{receiver.Url}/stored" });
        await Answer.JsonAsync(made, 201);
        await _host.InsertAsync(new { title = "Before" });
        await receiver.WaitForAsync("/index", "Before");
        await receiver.WaitForAsync("/stored", "Before");
        await _host.StopAsync();
        var sent = receiver.Count;
        var (deliveries, position) = ReadFile("SELECT count(*) FROM delivery", "SELECT position FROM reader");

        var (code, output, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"api_webhooks.delivery: {deliveries} rows, checksum ", output, StringComparison.Ordinal);
        using var database = Connect();
        Assert.Equal(deliveries, database.ExecuteScalar<long>("SELECT count(*) FROM api_webhooks.delivery_1")); // one part of the history
        Assert.Equal((deliveries, position), (database.ExecuteScalar<long>("SELECT count(*) FROM api_webhooks.delivery"), database.ExecuteScalar<long>("SELECT position FROM api_webhooks.reader")));

        await _host.RestartAsync(_target);
        await _host.InsertAsync(new { title = "After" });
        await receiver.WaitForAsync("/index", "After");
        await receiver.WaitForAsync("/stored", "After");
        // Each once: nothing that was delivered is sent again.
        Assert.Equal(sent + 2, receiver.Count);
        using var list = await _host.SysAdmin.GetAsync("/api/webhooks/subscriptions");
        Assert.Contains("Stored", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Killed_on_its_way_it_goes_on_where_it_was_and_no_host_serves_from_half_of_it()
    {
        const int Rows = 40_000;
        await _host.InitializeAsync();
        await _host.StopAsync();
        AddRows(Rows);
        using (var process = CopyCommand.Start(_host, _target))
        using (var database = Connect())
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("dam.changes: 1,000 of ", StringComparison.Ordinal))
            {
            }

            // It waits at its next piece, in the middle, when it is killed.
            using var transaction = database.BeginTransaction();
            database.Execute("LOCK TABLE dam.storage_copy IN SHARE MODE");
            process.Kill();
            await process.WaitForExitAsync();
            Assert.InRange(database.ExecuteScalar<long>("SELECT rows FROM dam.storage_copy WHERE name = 'changes'"), 1000, Rows - 1);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _host.RestartAsync(_target));
        Assert.Contains("run it again to its end", refused.Message, StringComparison.Ordinal);

        var (code, output, error) = await CopyCommand.RunAsync(_host, _target);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("dam.changes: goes on after ", output, StringComparison.Ordinal);
        await _host.RestartAsync(_target);
        Assert.Equal(Rows, await _host.Get<ChangeLog>().GetLastPositionAsync(default));
        using var child = await _host.Viewer.GetAsync("/api/records/1");
        Assert.Equal("Number 1", (await Answer.JsonAsync(child, 200)).GetProperty("title").GetString());
    }

    private async Task FillAsync()
    {
        var (first, second, third, last) = (await _host.InsertAsync(new { title = "A map" }), await _host.InsertAsync(new { title = "Größe & 地図" }),
            await _host.InsertAsync(new { title = "A letter", @private = true }), await _host.InsertAsync(new { title = "Gone" }));
        // A child that is older than its parent: rows do not come in the order of references.
        Assert.Equal([1, 2, 3, 4], new[] { first, second, third, last }.Select(record => record.GetProperty("id").GetInt64()));
        await _host.Get<Database>().WriteAsync(scope => scope.Connection.Execute("UPDATE records SET parent_id = 3 WHERE id = 2"), default);
        using var gone = await _host.SysAdmin.DeleteAsync("/api/records/4");
        Assert.Equal(204, (int)gone.StatusCode);
    }

    /// <summary>What users of every role see, as it is sent.</summary>
    private async Task<List<string>> AnswersAsync()
    {
        var answers = new List<string>();
        foreach (var client in new[] { _host.SysAdmin, _host.Editor, _host.Viewer })
        {
            foreach (var path in new[] { "/api/records", "/api/records/2", "/api/changes", "/api/users" })
            {
                using var response = await client.GetAsync(path);
                var body = response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : "";
                answers.Add($"{path} {(int)response.StatusCode} {body}".Replace(_host.BaseUri.Authority, "host", StringComparison.Ordinal));
            }
        }

        return answers;
    }

    private (long, long) ReadFile(string one, string other)
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(_host.DataDirectory, "plugins", "ApiWebhooks", "webhooks.db")};Pooling=false");
        return (file.ExecuteScalar<long>(one), file.ExecuteScalar<long>(other));
    }

    // And records of which the first is a child of the last: it comes over long before its parent.
    private void AddRows(int count)
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(_host.DataDirectory, Database.FileName)};Pooling=false");
        file.Execute(
            """
            DELETE FROM changes;
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @count)
            INSERT INTO changes (sequence, id, kind, occurred_at, body) SELECT n, printf('%032x', n), 'recordInserted', n, randomblob(300) FROM number;
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1500)
            INSERT INTO records (id, pid, type, title, language, owner, is_private, is_draft, version, created_at, created_by, modified_at, modified_by, fields, search_text)
            SELECT n, 'dam:' || n, 'asset', 'Number ' || n, 'en', 'editor', 0, 0, 1, n, 'editor', n, 'editor', '{"title":["Number"]}', 'number' FROM number;
            UPDATE records SET parent_id = 1500 WHERE id = 1;
            """,
            new { count });
    }

    private NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_target + ";Pooling=false");
        connection.Open();
        return connection;
    }
}
