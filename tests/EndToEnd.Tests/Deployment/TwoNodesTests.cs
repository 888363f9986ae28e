using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Host.Tests.Pages;
using Tests.Postgres;

namespace EndToEnd.Tests.Deployment;

/// <summary>Two hosts as processes behind a reverse proxy, on one PostgreSQL database and one folder of files: whichever answers, it is one site.</summary>
public sealed class TwoNodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [PostgresFact]
    public async Task A_form_that_one_drew_is_taken_by_the_other_and_so_is_the_sign_in()
    {
        var id = await InsertAsync("Still to be described");
        var cookies = new CookieContainer();
        using var browser = nodes.Browse(cookies);
        await SubmitToTheOtherAsync(browser, "/signin", "/signin", form => (form["name"], form["password"]) = (TwoNodes.User, TwoNodes.Password));
        Assert.Equal(2, cookies.GetAllCookies().Count);
        Assert.All(cookies.GetAllCookies(), cookie => Assert.True(cookie is { Secure: true, HttpOnly: true }, cookie.Name));

        await SubmitToTheOtherAsync(browser, $"/records/{id}/edit", "edit", form => form["f.title"] = "Described");
        var pages = new[] { await BrowseAsync(browser, $"/records/{id}"), await BrowseAsync(browser, $"/records/{id}") };
        Assert.All(pages, page => Assert.Contains("Described", page.Html.Text, StringComparison.Ordinal));
        Assert.NotEqual(pages[0].Node, pages[1].Node);
    }

    [PostgresFact]
    public async Task A_stream_of_events_comes_through_and_tells_what_happens_at_the_other()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/management/projects/website/events/sse/stream")
        {
            Content = new StringContent("""{"topics":[{"resourceType":"entry"},{"resourceType":"asset"}]}""", Encoding.UTF8, "application/json"),
        };
        using var response = await nodes.Program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("text/event-stream", 200), (response.Content.Headers.ContentType?.MediaType, (int)response.StatusCode));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(":", await lines.ReadLineAsync().WaitAsync(s_patience));

        using var saved = await nodes.Program.PostAsJsonAsync("/api/records", new { title = "From the other node" });
        Assert.Equal(201, (int)saved.StatusCode);
        Assert.NotEqual(NodeOf(response), NodeOf(saved));
        string? line;
        do
            line = await lines.ReadLineAsync().WaitAsync(s_patience);
        while (line is not null && !line.StartsWith("data:", StringComparison.Ordinal));
        Assert.Contains("From the other node", line, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_file_that_one_took_is_given_out_by_the_other_and_addresses_are_the_proxys()
    {
        var id = await InsertAsync("With a file");
        using var body = new MultipartFormDataContent { { new StringContent("content"), "file", "content.txt" } };
        using var uploaded = await nodes.Program.PostAsync($"/api/records/{id}/files", body);
        Assert.Equal(201, (int)uploaded.StatusCode);
        var url = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("files")[0].GetProperty("url").GetString()!;
        using var downloaded = await nodes.Program.GetAsync(url);
        Assert.Equal("content", await downloaded.Content.ReadAsStringAsync());
        Assert.NotEqual(NodeOf(uploaded), NodeOf(downloaded));

        // Each of them names the site, not itself.
        var documents = new[] { await nodes.Program.GetStringAsync("/api/webhooks/openapi.json"), await nodes.Program.GetStringAsync("/api/webhooks/openapi.json") };
        Assert.All(documents, document => Assert.Contains($"\"{nodes.Address.ToString().TrimEnd('/')}", document, StringComparison.Ordinal));
    }

    private async Task<long> InsertAsync(string title)
    {
        using var saved = await nodes.Program.PostAsJsonAsync("/api/records", new { title });
        Assert.Equal(201, (int)saved.StatusCode);
        return (await saved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private static async Task SubmitToTheOtherAsync(HttpClient browser, string path, string formName, Action<HtmlForm> fill)
    {
        var (html, drewIt) = await BrowseAsync(browser, path);
        var form = html.Form(formName);
        fill(form);
        using var answer = await browser.PostAsync(form.Action, new FormUrlEncodedContent(form.Values));
        Assert.Equal(303, (int)answer.StatusCode);
        Assert.NotEqual(drewIt, NodeOf(answer));
    }

    private static async Task<(Html Html, string Node)> BrowseAsync(HttpClient browser, string path)
    {
        using var page = await browser.GetAsync(path);
        var html = new Html(await page.Content.ReadAsStringAsync());
        Assert.True(page.StatusCode == HttpStatusCode.OK, $"{path} gave {page.StatusCode}: {html.Text}");
        return (html, NodeOf(page));
    }

    private static string NodeOf(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues(RoundRobin.NodeHeader));
}
