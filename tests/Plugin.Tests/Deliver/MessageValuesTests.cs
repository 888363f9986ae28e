using System.Text;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.Tests.Deliver;

/// <summary>Values of a change that go into address and headers: frozen with the message, while the words around them are the hook's of the moment.</summary>
public sealed class MessageValuesTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "body")]
    [InlineData("PUT", "body")]
    [InlineData("POST", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "")]
    public async Task Address_headers_method_and_bytes_are_those_of_the_change(string method, string body)
    {
        var methods = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _receiver.Answer = (_, context) =>
        {
            methods.Enqueue($"{context.Request.Method} {context.Request.ContentLength}");
            return Task.CompletedTask;
        };
        await _f.StartAsync(Hook("/of/", new Rules { Sent = method, Body = body }));
        _f.Log.Append();
        _f.Log.Append();
        await _receiver.WaitAsync(2);
        Assert.Equal(["/of/1", "/of/2"], _receiver.All.Select(each => each.Path).Order(StringComparer.Ordinal));
        Assert.Equal(["value 1", "value 2"], _receiver.All.Select(each => each.Headers["X-Of"].ToString()).Order(StringComparer.Ordinal));
        Assert.All(methods, each => Assert.Equal(body.Length == 0 && method is "GET" or "DELETE" ? $"{method} " : $"{method} {body.Length}", each));
        Assert.All(_receiver.All, each => Assert.Equal(body, Encoding.UTF8.GetString(each.Body)));
    }

    [Fact]
    public async Task A_corrected_address_helps_what_waits_and_keeps_its_values_over_a_restart()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(Hook("/wrong/", new Rules()));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.StopAsync();
        _receiver.AnswerWith(204);
        await _f.StartAsync(Hook("/right/", new Rules()));
        _f.Clock.Advance(TimeSpan.FromSeconds(7));
        await _receiver.WaitAsync(2);
        Assert.Equal(["/wrong/1", "/right/1"], _receiver.All.Select(each => each.Path));
        Assert.Single(_receiver.All.Select(each => each.Id).Distinct());
    }

    [Fact]
    public async Task An_address_that_asks_for_a_value_the_message_lacks_is_told_and_nothing_is_sent()
    {
        await _f.StartAsync(Hook("/of/", new Rules { Asked = "other" }));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        Assert.Equal("BadUrl", _f.Query<string>("SELECT outcome FROM attempt"));
        Assert.Contains("does not have", _f.Query<string>("SELECT detail FROM attempt"), StringComparison.Ordinal);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task A_change_that_cannot_be_rendered_is_given_up_with_the_dialects_own_words()
    {
        await _f.StartAsync(Hook("/of/", new Rules { Throws = "The address asks for {/resource/none}." }));
        _f.Log.Append();
        while (_f.Query<int>("SELECT count(*) FROM refusal") == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.Equal("The address asks for {/resource/none}.", _f.Query<string>("SELECT detail FROM refusal"));
        Assert.Equal("exhausted", _f.Query<string>("SELECT state FROM delivery"));
    }

    private Plugin.ApiWebhooks.Configure.HookSettings Hook(string path, Rules rules) => PipelineFixture.Hook(_receiver.Url + path, rules: rules);

    private sealed class Rules : DialectRules
    {
        public string Sent { get; init; } = "POST";

        public string Body { get; init; } = "body";

        public string Asked { get; init; } = "sequence";

        public string? Throws { get; init; }

        public override string RenderingKey => "values";

        public override string Method => Sent;

        public override bool Wants(Change change) => true;

        public override Rendering Render(Change change, IHostInformation host) => Throws is not null
            ? throw new RenderException(Throws)
            : new("text/plain", Encoding.UTF8.GetBytes(Body)) { Values = new Dictionary<string, string> { ["sequence"] = $"{change.Sequence}" } };

        public override string? AddressOf(string url, IReadOnlyDictionary<string, string> values) => values.TryGetValue(Asked, out var value) ? url + value : null;

        public override IReadOnlyList<KeyValuePair<string, string>> HeadersOf(IReadOnlyDictionary<string, string> values) =>
            [KeyValuePair.Create("X-Of", $"value {values["sequence"]}")];
    }
}
