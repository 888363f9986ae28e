using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;

namespace Host.Tests.Api;

/// <summary>Who is told of an entry in a feed, where he reads it, and what the log says of it.</summary>
public sealed class FeedNoticeTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.AddUserAsync("outsider", []);
        using var mute = await _host.SysAdmin.PostAsJsonAsync("/api/users", new { name = "mute", password = "long enough", roles = new[] { "viewer" } });
        await Answer.JsonAsync(mute, 201);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(true, "true", "viewer editor admin sysadmin outsider")]
    [InlineData(false, "true", "viewer editor admin sysadmin")]
    [InlineData(true, "false", "")]
    [InlineData(true, "null", "")]
    [InlineData(true, """["OUTSIDER","mute","outsider"]""", "outsider mute")]
    [InlineData(false, "\"mute\"", "mute")]
    public async Task Those_are_told_who_have_an_address_and_may_see_the_feed_or_who_are_named(bool isPublic, string notify, string expected)
    {
        var feed = await FeedAsync(isPublic);
        var record = (await _host.InsertAsync(new { title = "Shown" })).GetProperty("id").GetInt64();
        using var published = await PublishAsync(feed, $$"""{"title":"Entry","description":"Text","notify":{{notify}},"records":[{{record}}]}""");
        await Answer.JsonAsync(published, 201);

        var entry = (await _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None))[^1].FeedEntry!;
        Assert.Equal(expected, string.Join(' ', entry.NotifiedUsers));
        Assert.Equal(entry.NotifiedUsers, entry.Recipients.Select(user => user.Name));
        Assert.All(entry.Recipients, user => Assert.Equal(user.Name == "mute" ? null : $"{user.Name}@example.org", user.Email));
        Assert.Equal([record], entry.RecordIds);
    }

    [Fact]
    public async Task Who_may_not_see_a_feed_is_not_told_of_it_and_does_not_find_it()
    {
        var feed = await FeedAsync(isPublic: false);
        using var refused = await PublishAsync(feed, """{"title":"Entry","notify":["outsider"]}""");
        var error = (await Answer.ProblemAsync(refused, 422)).GetProperty("errors").GetProperty("notifiedUsers")[0].GetString();
        Assert.Contains("may not see this feed", error);
        using var hidden = await _host.Client("outsider").GetAsync($"/api/feeds/{feed}/entries");
        await Answer.ProblemAsync(hidden, 404);
        Assert.Empty((await ReadAsync("outsider", "/api/feeds")).GetProperty("feeds").EnumerateArray());
        Assert.Single((await ReadAsync("viewer", "/api/feeds")).GetProperty("feeds").EnumerateArray());
    }

    [Fact]
    public async Task A_user_reads_the_notices_he_was_given_and_no_others()
    {
        var feed = await FeedAsync(isPublic: true);
        (await PublishAsync(feed, """{"title":"For all","notify":true}""")).Dispose();
        (await PublishAsync(feed, """{"title":"For nobody","notify":false}""")).Dispose();
        (await PublishAsync(feed, """{"title":"For one","notify":["viewer"]}""")).Dispose();

        Assert.Equal(["For all", "For one"], Titles(await ReadAsync("viewer", "/api/notices")));
        Assert.Equal(["For all"], Titles(await ReadAsync("outsider", "/api/notices")));
        var entries = await ReadAsync("outsider", $"/api/feeds/{feed}/entries");
        Assert.Equal(["For all", "For nobody", "For one"], Titles(entries));
        // Whom else it was told to is not everybody's business.
        Assert.All(entries.GetProperty("entries").EnumerateArray(), entry => Assert.Empty(entry.GetProperty("notifiedUsers").EnumerateArray()));
        var asAdmin = await ReadAsync("admin", $"/api/feeds/{feed}/entries?limit=1");
        Assert.NotEmpty(asAdmin.GetProperty("entries")[0].GetProperty("notifiedUsers").EnumerateArray());
        Assert.Equal(["For nobody", "For one"], Titles(await ReadAsync("admin", $"/api/feeds/{feed}/entries?after={asAdmin.GetProperty("next")}")));
    }

    private static IEnumerable<string?> Titles(JsonElement page) => page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("title").GetString());

    private async Task<JsonElement> ReadAsync(string user, string path)
    {
        using var response = await _host.Client(user).GetAsync(path);
        return await Answer.JsonAsync(response, 200);
    }

    private async Task<long> FeedAsync(bool isPublic)
    {
        using var created = await _host.Admin.PostAsJsonAsync("/api/feeds", new { title = "Feed", @public = isPublic });
        return (await Answer.JsonAsync(created, 201)).GetProperty("id").GetInt64();
    }

    private Task<HttpResponseMessage> PublishAsync(long feed, string json) =>
        _host.Editor.PostAsync($"/api/feeds/{feed}/entries", new StringContent(json, null, "application/json"));
}
