using System.Net.Http.Json;
using SampleHost.Accounts;

namespace Host.Tests.Api;

/// <summary>Who calls: the four forms of an API key, and cookies with antiforgery.</summary>
public sealed class CallerTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Theory]
    [InlineData("Authorization", "{0}")]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("X-Api-Key", "{0}")]
    [InlineData("X-CKAN-API-Key", "{0}")]
    public async Task An_api_key_is_taken_in_each_form(string header, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/records") { Content = JsonContent.Create(new { title = "By key" }) };
        request.Headers.TryAddWithoutValidation(header, string.Format(null, form, RunningHost.KeyOf("editor")));
        using var response = await host.Nobody.SendAsync(request);
        Assert.Equal("editor", (await Answer.JsonAsync(response, 201)).GetProperty("createdBy").GetString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("X-Api-Key", "wrong")]
    [InlineData("Authorization", "Basic ZWRpdG9yOmVkaXRvcg==")]
    public async Task Without_a_known_key_there_is_nothing(string? header, string? value)
    {
        foreach (var path in (string[])["/api/records", "/api/records/1", "/api/changes", "/api/feeds", "/api/files/dam:x/content"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
                request.Headers.TryAddWithoutValidation(header, value);
            using var response = await host.Nobody.SendAsync(request);
            await Answer.ProblemAsync(response, 401);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task A_key_is_stored_hashed_and_known_by_name()
    {
        await host.InsertAsync(new { title = "By whom" });
        using var response = await host.SysAdmin.GetAsync("/api/changes?limit=1000");
        var last = (await Answer.JsonAsync(response, 200)).GetProperty("changes").EnumerateArray().Last();
        Assert.Equal("test-editor", last.GetProperty("actor").GetProperty("apiKeyName").GetString());

        foreach (var file in Directory.EnumerateFiles(host.DataDirectory, "host.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(RunningHost.KeyOf("editor"), await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cookie_may_read_but_writes_only_with_the_antiforgery_token()
    {
        await using var own = new Disposing(await RunningHost.StartAsync(CookieDoor.Add));
        using var browser = own.Host.Client(null, new SocketsHttpHandler());
        var token = await CookieDoor.SignInAsync(browser, "editor");

        using var read = await browser.GetAsync("/api/records");
        await Answer.JsonAsync(read, 200);

        using var refused = await browser.PostAsJsonAsync("/api/records", new { title = "Forged" });
        await Answer.ProblemAsync(refused, 400);

        using var wrong = await browser.SendAsync(Insert("nonsense"));
        await Answer.ProblemAsync(wrong, 400);

        using var saved = await browser.SendAsync(Insert(token));
        await Answer.JsonAsync(saved, 201);
    }

    [Fact]
    public async Task A_wrong_key_is_not_mended_by_a_cookie()
    {
        await using var own = new Disposing(await RunningHost.StartAsync(CookieDoor.Add));
        using var browser = own.Host.Client(null, new SocketsHttpHandler());
        await CookieDoor.SignInAsync(browser, "editor");
        browser.DefaultRequestHeaders.Add("X-Api-Key", "wrong");
        using var response = await browser.GetAsync("/api/records");
        await Answer.ProblemAsync(response, 401);
    }

    private static HttpRequestMessage Insert(string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/records") { Content = JsonContent.Create(new { title = "From a page" }) };
        request.Headers.Add("RequestVerificationToken", token);
        return request;
    }
}
