namespace Fixture.Hello;

/// <summary>Calls out over HTTP.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler());

    public async Task<string> PostAsync(string url, CancellationToken cancellationToken)
    {
        using var content = new StringContent("hello");
        using var answer = await _client.PostAsync(new Uri(url), content, cancellationToken);
        return $"{(int)answer.StatusCode}";
    }

    public void Dispose() => _client.Dispose();
}
