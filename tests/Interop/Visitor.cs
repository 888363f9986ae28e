using System.Net;
using System.Net.Http.Headers;
using Host.Tests.Pages;

namespace Interop.Tests;

/// <summary>Someone with a browser without scripts: keeps cookies, fills in forms, follows redirects only when told to.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient _client;

    public Visitor(Uri site)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = site };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>A visitor who signed in with an account of the demo.</summary>
    public static async Task<Visitor> SignInAsync(InteropHost host, string user)
    {
        var visitor = new Visitor(host.BaseUri);
        var form = (await visitor.GetAsync("/signin")).Html.Form("/signin");
        form["name"] = user;
        form["password"] = InteropHost.PasswordOf(user);
        Assert.Equal(303, (await visitor.SubmitAsync(form)).Status);
        return visitor;
    }

    public Task<VisitedPage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a form with one of its buttons, or as it is.</summary>
    public Task<VisitedPage> SubmitAsync(HtmlForm form, Element? button = null) =>
        PostAsync(form.Action, button?.Attribute("name") is { } name ? [.. form.Values, new(name, button.Attribute("value") ?? "")] : form.Values);

    public Task<VisitedPage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> values) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(values) });

    public async Task<VisitedPage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request);
            return new VisitedPage((int)response.StatusCode, response.Headers.Location?.OriginalString, new Html(await response.Content.ReadAsStringAsync()));
        }
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>A page as it came.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Location">Where it sends the browser, or null.</param>
/// <param name="Html">What it shows.</param>
internal sealed record VisitedPage(int Status, string? Location, Html Html);
