using System.Net;
using System.Net.Http.Headers;

namespace Host.Tests.Pages;

/// <summary>Someone with a browser without scripts: keeps cookies, fills in forms, follows redirects only when told to.</summary>
internal sealed class PageVisitor : IDisposable
{
    private readonly HttpClient _client;

    public PageVisitor(Uri baseUri)
    {
        Cookies = new CookieContainer();
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = baseUri };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
    }

    public CookieContainer Cookies { get; }

    /// <summary>A visitor who is signed in.</summary>
    public static async Task<PageVisitor> SignInAsync(RunningHost host, string user)
    {
        var visitor = new PageVisitor(host.BaseUri);
        var form = (await visitor.GetAsync("/signin")).Html.Form("/signin");
        form["name"] = user;
        form["password"] = RunningHost.PasswordOf(user);
        var answer = await visitor.SubmitAsync(form);
        Assert.Equal(303, answer.Status);
        return visitor;
    }

    public async Task<PageAnswer> GetAsync(string path)
    {
        using var response = await _client.GetAsync(path);
        return await PageAnswer.ReadAsync(response);
    }

    /// <summary>Sends a form with one of its buttons, or as it is.</summary>
    public Task<PageAnswer> SubmitAsync(HtmlForm form, Element? button = null) =>
        PostAsync(form.Action, button?.Attribute("name") is { } name ? [.. form.Values, new(name, button.Attribute("value") ?? "")] : form.Values);

    public async Task<PageAnswer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> values)
    {
        using var content = new FormUrlEncodedContent(values);
        using var response = await _client.PostAsync(path, content);
        return await PageAnswer.ReadAsync(response);
    }

    public async Task<PageAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return await PageAnswer.ReadAsync(response);
    }

    /// <summary>Goes where a form's answer sends the browser.</summary>
    public async Task<PageAnswer> FollowAsync(PageAnswer answer)
    {
        Assert.True(answer.Status == 303, $"Expected a redirect, got {answer.Status}: {answer.Html.Text}");
        return await GetAsync(answer.Location!);
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>A page as it came.</summary>
internal sealed record PageAnswer(int Status, string? Location, Html Html, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string Text => Html.Text;

    /// <summary>What the banner at the top says, or null when there is none.</summary>
    public string? Banner => Html.InnerOf("banner") is { } inner ? Html.TextOf(inner) : null;

    public static async Task<PageAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        return new PageAnswer(
            (int)response.StatusCode, response.Headers.Location?.OriginalString, new Html(System.Text.Encoding.UTF8.GetString(body)),
            response.Headers, response.Content.Headers, body);
    }
}
