using System.Net.Http.Headers;
using Benchmarks.Load;

namespace Benchmarks.Deliver;

/// <summary>What the plugin is held against: clients that post the same bytes as fast as they can, and keep no record.</summary>
/// <param name="receiver">Where they post to.</param>
/// <param name="body">What they post.</param>
/// <param name="headers">The signature of one POST: made beforehand, or anew for each as a sender has to.</param>
/// <param name="concurrency">How many clients at once.</param>
internal sealed class RawLoop(Uri receiver, byte[] body, Func<IReadOnlyList<KeyValuePair<string, string>>> headers, int concurrency) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient _client = PlainClient.Create(concurrency);
    private readonly Uri _address = new(receiver, "/raw");

    /// <returns>POSTs a second.</returns>
    public async Task<double> MeasureAsync(int posts) => (await LoadGenerator.RunAsync(concurrency, posts, (_, _) => PostAsync())).PerSecond;

    public void Dispose() => _client.Dispose();

    private async Task PostAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) { Headers = { ContentType = Json } } };
        foreach (var (name, value) in headers())
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
