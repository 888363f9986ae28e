using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Benchmarks.Load;

namespace Benchmarks.Run;

/// <summary>Saves records through the host's API.</summary>
internal sealed class RecordClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient _client;

    public RecordClient(HostProcess host, int connections)
    {
        _client = PlainClient.Create(connections);
        _client.BaseAddress = host.Address;
        _client.DefaultRequestHeaders.Add("X-Api-Key", host.ApiKey);
    }

    /// <summary>Inserts a record with an ordinary number of filled fields.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> InsertAsync(string title)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/records", $$$"""
            {"type":"document","title":"{{{title}}}","fields":{
              "description":["Minutes of the harbour board, with tables of arrivals, tonnage and dues, and two folded charts of the outer mole."],
              "creator":["Harbour board","Clerk of works"],"date":["1887-04-21"],"keywords":["harbour","mole","tonnage"],
              "location":["Port Maris"],"cmsid":["PM-1887-0421"],"pages":["48"],"rights":["No known restrictions"],"licence":["cc0"]}}
            """);
        using var record = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        return record.RootElement.GetProperty("id").GetInt64();
    }

    /// <summary>Changes a record's title and description.</summary>
    public async Task ChangeAsync(long id, string text)
    {
        using var answer = await SendAsync(HttpMethod.Patch, $"/api/records/{id}", $$$"""
            {"title":"Minutes {{{text}}}","fields":{"description":["Minutes of the harbour board, with tables of arrivals, tonnage and dues. Revision {{{text}}}."]}}
            """);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } } };
        var answer = await _client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }
}
