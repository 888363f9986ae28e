using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Host.Tests.Api;

public sealed class RecordCallsTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task A_title_is_all_an_insert_needs()
    {
        using var response = await host.Editor.PostAsJsonAsync("/api/records", new { title = "The harbour" });
        var record = await Answer.JsonAsync(response, 201);

        Assert.True(record.GetProperty("id").GetInt64() > 0);
        Assert.StartsWith("dam:", record.GetProperty("pid").GetString());
        Assert.Equal(1, record.GetProperty("version").GetInt64());
        Assert.Equal("document", record.GetProperty("type").GetString());
        Assert.Equal("editor", record.GetProperty("owner").GetString());
        Assert.Equal("The harbour", record.GetProperty("fields").GetProperty("title")[0].GetString());
        Assert.Equal($"/api/records/{record.GetProperty("id")}", response.Headers.Location!.ToString());
        Assert.Equal("\"1\"", response.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task What_was_inserted_can_be_read_with_its_version_as_etag()
    {
        var record = await host.InsertAsync(new { title = "Read me", fields = new { keywords = new[] { "a", "b" } }, language = "de" });
        using var response = await host.Viewer.GetAsync($"/api/records/{record.GetProperty("id")}");
        var read = await Answer.JsonAsync(response, 200);

        Assert.Equal("\"1\"", response.Headers.ETag!.Tag);
        Assert.Equal("de", read.GetProperty("language").GetString());
        Assert.Equal(["a", "b"], read.GetProperty("fields").GetProperty("keywords").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(record.ToString(), read.ToString());
    }

    [Fact]
    public async Task A_patch_changes_only_what_it_names_and_counts_the_version_up()
    {
        var record = await host.InsertAsync(new { title = "Old", fields = new { location = "Bern", keywords = new[] { "x" } } });
        using var response = await host.Editor.PatchAsJsonAsync(
            $"/api/records/{record.GetProperty("id")}", new { title = "New", fields = new { keywords = Array.Empty<string>() } });
        var changed = await Answer.JsonAsync(response, 200);

        Assert.Equal(2, changed.GetProperty("version").GetInt64());
        Assert.Equal("New", changed.GetProperty("title").GetString());
        Assert.Equal("Bern", changed.GetProperty("fields").GetProperty("location")[0].GetString());
        Assert.False(changed.GetProperty("fields").TryGetProperty("keywords", out _));
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_version()
    {
        var record = await host.InsertAsync(new { title = "Same" });
        using var response = await host.Editor.PatchAsJsonAsync($"/api/records/{record.GetProperty("id")}", new { title = "Same" });
        Assert.Equal(1, (await Answer.JsonAsync(response, 200)).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_stale_patch_is_refused_with_the_present_record()
    {
        var record = await host.InsertAsync(new { title = "First" });
        var path = $"/api/records/{record.GetProperty("id")}";
        (await host.Editor.PatchAsJsonAsync(path, new { title = "Second" })).Dispose();

        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { title = "Third" }) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        using var response = await host.Editor.SendAsync(request);
        var problem = await Answer.ProblemAsync(response, 412);

        Assert.Equal("Second", problem.GetProperty("current").GetProperty("title").GetString());
        Assert.Equal(2, problem.GetProperty("current").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_deleted_record_is_gone()
    {
        var record = await host.InsertAsync(new { title = "Short-lived" });
        var path = $"/api/records/{record.GetProperty("id")}";
        using var deleted = await host.Editor.DeleteAsync(path);
        Assert.Equal(204, (int)deleted.StatusCode);
        using var read = await host.Editor.GetAsync(path);
        await Answer.ProblemAsync(read, 404);
        using var again = await host.Editor.DeleteAsync(path);
        await Answer.ProblemAsync(again, 404);
    }

    [Fact]
    public async Task Lists_are_paged_by_after_and_limit()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        for (var i = 1; i <= 5; i++)
            await own.Host.InsertAsync(new { title = $"Number {i}" });
        var titles = new List<string>();
        string? after = "0";
        while (after is not null)
        {
            using var response = await own.Host.Viewer.GetAsync($"/api/records?after={after}&limit=2");
            var page = await Answer.JsonAsync(response, 200);
            titles.AddRange(page.GetProperty("records").EnumerateArray().Select(one => one.GetProperty("title").GetString()!));
            after = page.GetProperty("next").ValueKind == System.Text.Json.JsonValueKind.Null ? null : page.GetProperty("next").ToString();
        }

        Assert.Equal(["Number 1", "Number 2", "Number 3", "Number 4", "Number 5"], titles);
    }
}
