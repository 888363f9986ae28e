using System.Net.Http.Json;
using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Records;

namespace Host.Tests.Accounts;

/// <summary>The matrix of <see cref="Rights"/>, asked of the running host, and the same rule in the list's SQL.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Assert.IsType<CreateResult.Created>(await _host.Get<Collections>().CreateAsync("maps", "Maps", CancellationToken.None));
        await _host.AddUserAsync("mapeditor", [], new() { ["maps"] = ["editor"] });
        await _host.AddUserAsync("mapviewer", ["viewer"], new() { ["maps"] = ["viewer"] });
        await _host.AddUserAsync("nothing", []);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    // - nothing, r read, w write. First four: outside of collections (public, draft, private, private draft); then the same four in the
    // collection "maps"; last two: inserting outside and in "maps".
    [Theory]
    [InlineData("nothing", "----------")]
    [InlineData("viewer", "r---r-----")]
    [InlineData("mapviewer", "r---r-r---")]
    [InlineData("editor", "ww--ww--ww")]
    [InlineData("mapeditor", "----wwww-w")]
    [InlineData("admin", "wwwwwwwwww")]
    [InlineData("sysadmin", "wwwwwwwwww")]
    public async Task Each_may_do_what_the_matrix_says(string user, string expected)
    {
        var client = _host.Client(user);
        var found = new List<char>();
        foreach (var collection in (string?[])[null, "maps"])
        {
            foreach (var isPrivate in (bool[])[false, true])
            {
                foreach (var isDraft in (bool[])[false, true])
                    found.Add(await TryAsync(client, new { title = "x", collection, @private = isPrivate, draft = isDraft }));
            }
        }

        foreach (var collection in (string?[])[null, "maps"])
        {
            using var inserted = await client.PostAsJsonAsync("/api/records", new { title = "own", collection });
            found.Add((int)inserted.StatusCode == 201 ? 'w' : '-');
        }

        Assert.Equal(expected, new string([.. found]));
    }

    private async Task<char> TryAsync(HttpClient client, object record)
    {
        using var inserted = await _host.SysAdmin.PostAsJsonAsync("/api/records", record);
        var path = $"/api/records/{(await Answer.JsonAsync(inserted, 201)).GetProperty("id")}";
        using var read = await client.GetAsync(path);
        using var write = await client.PatchAsJsonAsync(path, new { title = "changed" });
        using var delete = await client.DeleteAsync(path);
        return ((int)read.StatusCode, (int)write.StatusCode, (int)delete.StatusCode) switch
        {
            (404, 404, 404) => '-',
            (200, 403, 403) => 'r',
            (200, 200, 204) => 'w',
            var other => throw new InvalidOperationException($"Unexpected {other}."),
        };
    }

    [Fact]
    public async Task A_list_shows_exactly_what_each_may_see()
    {
        foreach (var owner in (string[])["sysadmin", "editor"])
        {
            foreach (var collection in (string?[])[null, "maps"])
            {
                for (var flags = 0; flags < 4; flags++)
                {
                    using var inserted = await _host.Client(owner).PostAsJsonAsync(
                        "/api/records", new { title = "x", collection, @private = (flags & 1) != 0, draft = (flags & 2) != 0 });
                    await Answer.JsonAsync(inserted, 201);
                }
            }
        }

        var store = _host.Get<RecordStore>();
        var sysadmin = _host.Get<Users>().Find("sysadmin")!;
        var all = (await store.SearchAsync(new RecordQuery(null, 0, 100, sysadmin), CancellationToken.None)).Records;
        Assert.Equal(16, all.Count);
        foreach (var name in (string[])["nothing", "viewer", "mapviewer", "editor", "mapeditor", "admin", "sysadmin"])
        {
            var user = _host.Get<Users>().Find(name)!;
            var listed = (await store.SearchAsync(new RecordQuery(null, 0, 100, user), CancellationToken.None)).Records;
            Assert.Equal(all.Where(record => Rights.CanSee(user, record)).Select(record => record.Id), listed.Select(record => record.Id));
        }
    }

    [Fact]
    public async Task The_change_log_is_for_sysadmins_and_feeds_are_made_by_admins()
    {
        foreach (var client in (HttpClient[])[_host.Viewer, _host.Editor, _host.Admin])
        {
            using var changes = await client.GetAsync("/api/changes");
            await Answer.ProblemAsync(changes, 403);
        }

        using var feed = await _host.Editor.PostAsJsonAsync("/api/feeds", new { title = "x" });
        await Answer.ProblemAsync(feed, 403);
        using var entry = await _host.Viewer.PostAsJsonAsync("/api/feeds/1/entries", new { title = "x" });
        await Answer.ProblemAsync(entry, 403);
        using var insert = await _host.Viewer.PostAsJsonAsync("/api/records", new { title = "x" });
        await Answer.ProblemAsync(insert, 403);
    }

    [Fact]
    public void A_role_implies_those_below_it()
    {
        IReadOnlySet<string> roles = Roles.WithImplied([Roles.Admin]);
        Assert.Equal(["admin", "editor", "viewer"], roles.Order());
    }
}
