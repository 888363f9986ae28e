using System.Net;
using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects.Contensis;

public sealed class EventStreamTests : IAsyncLifetime
{
    private const string Path = Door.Project + "/events/sse/stream";
    private const string Entries = """{"topics":[{"resourceType":"entry"}]}""";
    private const string Titles = """{"topics":[{"resourceType":"entry"}],"templates":{"entry":"{/resource/entryTitle}"}}""";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private readonly FakeClock _clock = new();
    private TestHost _host = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _host = new TestHost { Changes = _log };
        _plugin = await TestPlugin.StartAsync(_folder.With("{}"), _host, _clock);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_happens_is_told_at_once_with_an_id_and_data()
    {
        using var stream = await OpenAsync(Entries);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.MediaType);
        var change = _log.Append();
        var (id, data) = await stream.ReadAsync();
        var body = JsonDocument.Parse(data).RootElement;
        Assert.Equal(change.Id, body.GetProperty("eventId").GetGuid());
        Assert.Equal("movies", body.GetProperty("resource").GetProperty("projectId").GetString());
        // Contensis' client reads the message's id as that of its subscription.
        Assert.Equal(id, body.GetProperty("subscriptionId").GetString());
        _log.Append(each => each with { Kind = ChangeKind.RecordDeleted });
        Assert.Equal(id, (await stream.ReadAsync()).Id);
    }

    [Fact]
    public async Task Only_its_topics_are_told_by_its_templates()
    {
        using var stream = await OpenAsync("""{"topics":[{"resourceType":"entry","event":["deleted"],"contentTypeId":"document"}],"templates":{"entry":"{\n\"id\": \"{/resource/sys/recordId}\"\n}"}}""");
        _log.Append();
        _log.Append(each => each with { Kind = ChangeKind.RecordDeleted });
        Assert.Equal("{\n\"id\": \"2\"\n}", (await stream.ReadAsync()).Data);
    }

    [Fact]
    public async Task Nobody_is_told_what_he_may_not_see()
    {
        using var stream = await OpenAsync(Titles, "viewer");
        _host.Visible = (user, record) => user.Name != "viewer" || record.Id != 1;
        _log.Append();
        _log.Append();
        Assert.Equal("\"Record 2\"", (await stream.ReadAsync()).Data);
    }

    [Fact]
    public async Task A_stream_ends_when_its_user_is_no_more()
    {
        _host.Users["guest"] = TestHost.User("guest", "viewer");
        using var stream = await OpenAsync(Titles, "guest");
        _host.Users.Remove("guest");
        _log.Append();
        Assert.Null(await stream.Reader.ReadLineAsync());
    }

    [Fact]
    public async Task One_that_was_cut_off_goes_on_where_it_was()
    {
        string last;
        using (var stream = await OpenAsync(Titles, path: Path + "?resumable=true"))
        {
            _log.Append();
            last = (await stream.ReadAsync()).Id;
            Assert.EndsWith(".1", last, StringComparison.Ordinal);
        }
        _log.Append();
        _log.Append();
        using var again = await OpenAsync(Titles, lastId: last);
        Assert.Equal("\"Record 2\"", (await again.ReadAsync()).Data);
        Assert.Equal("\"Record 3\"", (await again.ReadAsync()).Data);
        using var fromTheFuture = await OpenAsync(Titles, lastId: "x.9999");
        _log.Append();
        Assert.Equal("\"Record 4\"", (await fromTheFuture.ReadAsync()).Data);
    }

    [Fact]
    public async Task A_silent_one_is_kept_alive()
    {
        using var stream = await OpenAsync(Entries);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(":", await PassAsync(stream.Reader.ReadLineAsync()));
            Assert.Equal("", await stream.Reader.ReadLineAsync());
        }
        _log.Append();
        Assert.NotEmpty((await stream.ReadAsync()).Data);
    }

    [Fact]
    public async Task Too_many_are_refused_and_a_closed_one_makes_room()
    {
        var streams = new List<Stream>();
        for (var i = 0; i < EventStreams.MostOfUser; i++)
            streams.Add(await OpenAsync(Entries));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _plugin.CallAsync("POST", Path, Entries)).Status);
        using (await OpenAsync(Entries, "editor"))
            Assert.Equal(EventStreams.MostOfUser + 1, _plugin.Get<EventStreams>().Open);
        streams[0].Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_plugin.Get<EventStreams>().Open >= EventStreams.MostOfUser)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        using var room = await OpenAsync(Entries);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task All_end_when_the_plugin_stops()
    {
        using var stream = await OpenAsync(Entries);
        _plugin.Get<EventStreams>().Stop();
        Assert.Null(await stream.Reader.ReadLineAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _plugin.CallAsync("POST", Path, Entries)).Status);
    }

    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("{}", 422, "topics")]
    [InlineData("""{"topics":[]}""", 422, "topics")]
    [InlineData("""{"topics":"entry"}""", 422, "topics")]
    [InlineData("""{"topics":[{"resourceType":"thing"}]}""", 422, "topics[0].resourceType")]
    [InlineData("""{"topics":[{"resourceType":"entry"}],"templates":{"entry":"{/x}"}}""", 422, "templates.entry")]
    public async Task What_cannot_be_streamed_is_refused(string body, int status, string? field)
    {
        var (given, answer, _) = await _plugin.CallAsync("POST", Path + "/", body, "viewer");
        Assert.Equal(status, (int)given);
        var data = JsonDocument.Parse(answer).RootElement.GetProperty("data");
        if (field is not null)
            Assert.Equal(field, data[0].GetProperty("field").GetString());
        Assert.Equal(0, _plugin.Get<EventStreams>().Open);
    }

    [Fact]
    public async Task Nobody_streams_without_signing_in() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await _plugin.CallAsync("POST", Path, Entries, "nobody")).Status);

    // The stream's timer is one of several, and set on another thread: the clock goes on until it has fired.
    private async Task<string?> PassAsync(Task<string?> line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!line.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        return await line;
    }

    private async Task<Stream> OpenAsync(string body, string user = "admin", string path = Path, string? lastId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-User", user);
        request.Headers.Add("Accept", "application/json");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var answer = await _plugin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        // The first comment: from here on everything is told.
        Assert.Equal(":", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        return new Stream(answer, reader);
    }

    private sealed record Stream(HttpResponseMessage Answer, StreamReader Reader) : IDisposable
    {
        public async Task<(string Id, string Data)> ReadAsync()
        {
            var (id, data) = ("", new List<string>());
            while (await Reader.ReadLineAsync() is { Length: > 0 } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data.Add(line[6..]);
            }
            return (id, string.Join('\n', data));
        }

        public void Dispose()
        {
            Reader.Dispose();
            Answer.Dispose();
        }
    }
}
