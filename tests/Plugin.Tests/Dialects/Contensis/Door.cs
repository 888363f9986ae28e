using System.Net;
using System.Text;
using System.Text.Json;

namespace Plugin.Tests.Dialects.Contensis;

/// <summary>Calls the Contensis API of a plugin under test.</summary>
internal static class Door
{
    public const string Project = "/api/management/projects/movies";

    public const string Subscriptions = Project + "/events/webhooks/subscriptions";

    public static async Task<(HttpStatusCode Status, string Body, string? Location)> CallAsync(
        this TestPlugin plugin, string method, string path, string? body = null, string user = "admin")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-User", user);
        using var answer = await plugin.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.ToString());
    }

    /// <summary>Makes a subscription and asserts that it was made.</summary>
    public static async Task<Guid> CreateAsync(this TestPlugin plugin, string body)
    {
        var (status, answer, _) = await plugin.CallAsync("POST", Subscriptions, body);
        Assert.True(status == HttpStatusCode.Created, answer);
        return JsonDocument.Parse(answer).RootElement.GetProperty("id").GetGuid();
    }
}
