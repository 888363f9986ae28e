using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dam.Hosting;

namespace Plugin.Tests.Buttons.Import;

/// <summary>The call and the page that import buttons, over HTTP.</summary>
public sealed partial class ImportDoorTests : IAsyncLifetime
{
    private const string Call = "/api/webhooks/buttons/import";
    private const string Page = "/plugins/ApiWebhooks/import-buttons";
    private const string Good = """<?php $api_webhooks_urls = array(array("location"=>"edit", "buttontext"=>"Push <b>&amp;", "url"=>"http://u:planted-pw@10.0.0.5/push?id="));""";
    private const string Faulty = "<?php\n$api_webhooks_urls = array(array('url' => \"$planted_base/push\"));";

    private readonly TestFolder _folder = new();
    private readonly TestHost _host = new() { Log = new TestLog { Lowest = Microsoft.Extensions.Logging.LogLevel.Trace } };
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        // Cookie users: no API key, so that antiforgery counts.
        _host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        _host.Users["french"] = TestHost.User("french", "admin") with { Language = "fr-CA" };
        _plugin = await TestPlugin.StartAsync(_folder.With("{}"), _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("text/x-php")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task The_call_answers_with_buttons_and_warnings(string? type)
    {
        var body = type == "application/json" ? JsonSerializer.Serialize(new { text = Good }) : Good;
        using var answer = await SendAsync(Call, "admin", body, type);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var button = Assert.Single(json.RootElement.GetProperty("buttons").EnumerateArray());
        Assert.Equal("http://u:planted-pw@10.0.0.5/push?id=", button.GetProperty("url").GetString());
        Assert.Equal("Push <b>&amp;", button.GetProperty("buttontext").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("warnings").GetArrayLength());
        Assert.Equal(1, json.RootElement.GetProperty("warnings")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task Faults_of_the_text_are_a_problem_with_their_places()
    {
        using var answer = await SendAsync(Call, "admin", Faulty, "text/plain");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.StartsWith("Line 2, column 44: A variable in a text", json.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var fault = Assert.Single(json.RootElement.GetProperty("faults").EnumerateArray());
        Assert.Equal((2, 44), (fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32()));
        Assert.NotEmpty(fault.GetProperty("remedy").GetString()!);
    }

    [Theory]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", """{"text":5}""", 400)]
    [InlineData("application/json", """{"text":"\ud800"}""", 400)]
    [InlineData("application/json", """{"text":"\u0000$api_webhooks_urls = [];"}""", 200)]
    [InlineData("application/x-www-form-urlencoded", "text=x", 415)]
    [InlineData("text/plain", "", 422)]
    public async Task What_is_no_text_is_refused_in_words(string type, string body, int status)
    {
        using var answer = await SendAsync(Call, "admin", body, type);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status < 400)
            return;
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, json.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(json.RootElement.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Call) { Content = new ByteArrayContent([(byte)'$', 0xE9]) };
        request.Headers.Add("X-User", "admin");
        using var answer = await _plugin.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_megabytes_are_refused_without_being_read(bool chunked)
    {
        foreach (var (path, type, lead) in new[] { (Call, "text/plain", ""), (Page, "application/x-www-form-urlencoded", "text=") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(lead + new string('[', 10_000_000), Encoding.ASCII, type) };
            request.Headers.Add("X-User", "admin");
            // The answer comes before the body has gone: the client is to look at it.
            request.Headers.ExpectContinue = true;
            request.Headers.TransferEncodingChunked = chunked;
            try
            {
                using var answer = await _plugin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            }
            catch (HttpRequestException) when (chunked)
            {
                // Nobody knew beforehand how long it would be: the connection was closed while it was being sent.
            }
        }
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("viewer", 403)]
    [InlineData("editor", 403)]
    public async Task Only_administrators_are_let_in(string? user, int status)
    {
        using var call = await SendAsync(Call, user, Good, "text/plain");
        using var show = await GetAsync(Page, user);
        using var post = await SendAsync(Page, user, "text=" + Uri.EscapeDataString(Good), "application/x-www-form-urlencoded");
        Assert.Equal((status, status, status), ((int)call.StatusCode, (int)show.StatusCode, (int)post.StatusCode));
        Assert.DoesNotContain("planted", await post.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_needs_the_pages_token()
    {
        using var call = await SendAsync(Call, "cookie", Good, "text/plain");
        Assert.Equal(HttpStatusCode.BadRequest, call.StatusCode);
        using var post = await SendAsync(Page, "cookie", "text=" + Uri.EscapeDataString(Good), "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
        var text = WebUtility.HtmlDecode(await post.Content.ReadAsStringAsync());
        Assert.Contains("convert it once more", text, StringComparison.Ordinal);
        Assert.Contains(Good, text, StringComparison.Ordinal);
        Assert.DoesNotContain("import-result", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_converts_with_its_own_form_and_shows_markup_as_text()
    {
        const string hostile = """$api_webhooks_urls = [["buttontext" => "</textarea><script>alert(1)</script>", "url" => "https://a.example.org/?id=", "<img src=x>" => 1]];""";
        var (status, page) = await ConvertAsync(hostile);
        Assert.Equal(200, status);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, TextArea().Count(page));
        var result = WebUtility.HtmlDecode(TextArea().Match(page).Groups[1].Value);
        using var json = JsonDocument.Parse(result);
        Assert.Equal("</textarea><script>alert(1)</script>", json.RootElement.GetProperty("buttons")[0].GetProperty("buttontext").GetString());
        Assert.Contains($"Line 1, column {hostile.IndexOf("1]]", StringComparison.Ordinal) + 1}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_each_fault_with_its_line_and_keeps_what_was_pasted()
    {
        var (status, page) = await ConvertAsync(Faulty.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(422, status);
        Assert.Contains("Line 2, column 44", page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("$planted_base/push", WebUtility.HtmlDecode(TextArea().Match(page).Groups[1].Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_speaks_french_and_the_overview_leads_to_it()
    {
        using var french = await GetAsync(Page, "french");
        Assert.Contains("Importer les boutons", await french.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var overview = await GetAsync("/plugins/ApiWebhooks/", "admin");
        Assert.Contains($"href=\"{Page}\"", await overview.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_was_pasted_is_logged_or_stored()
    {
        foreach (var text in new[] { Good, Faulty, Good + "'" })
        {
            using var call = await SendAsync(Call, "admin", text, "text/plain");
            await ConvertAsync(text);
        }

        Assert.DoesNotContain(_host.Log.Entries, entry => entry.Message.Contains("planted", StringComparison.Ordinal));
        await _plugin.App.StopAsync();
        foreach (var file in Directory.EnumerateFiles(_folder.Data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain("planted", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>As a browser does it: the page's own form, its token; the client keeps its cookie.</summary>
    private async Task<(int Status, string Page)> ConvertAsync(string text)
    {
        using var shown = await GetAsync(Page, "cookie");
        var token = Token().Match(await shown.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, Page)
        {
            Content = new FormUrlEncodedContent([new(token.Groups[1].Value, WebUtility.HtmlDecode(token.Groups[2].Value)), new("text", text)]),
        };
        request.Headers.Add("X-User", "cookie");
        using var answer = await _plugin.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? user) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), user);

    private Task<HttpResponseMessage> SendAsync(string path, string? user, string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, user);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? user)
    {
        using var disposal = request;
        if (user is not null)
            request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("<textarea[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex TextArea();
}
