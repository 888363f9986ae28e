using System.Text.Json;
using Plugin.Tests.Dialects;

namespace Plugin.Tests.Deliver;

/// <summary>CloudEvents as they arrive: attributes in the body or in headers, the same on each attempt.</summary>
public sealed class CloudEventsOverHttpTests : IAsyncLifetime
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
    [InlineData("structured")]
    [InlineData("binary")]
    public async Task A_retry_is_the_same_event(string mode)
    {
        var rules = PayloadTests.Read("cloudevents", $$"""{"mode":"{{mode}}","typePrefix":"org.example"}""", []);
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url, "hook", rules) with { Schedule = [TimeSpan.Zero, TimeSpan.FromMinutes(1)], Timeout = TimeSpan.FromDays(9) });
        var stored = _f.WhenStored(1);
        var change = _f.Log.Append(change => change with { Record = change.Record! with { Pid = "dam:ü 1" } });
        await stored;
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromMinutes(2));
        await stored;

        Assert.Equal(2, _receiver.All.Count);
        Assert.Equal(_receiver.All[0].Body, _receiver.All[1].Body);
        Assert.All(_receiver.All, request =>
        {
            using var body = JsonDocument.Parse(request.Body);
            var attributes = mode == "binary"
                ? request.Headers.Where(header => header.Key.StartsWith("ce-", StringComparison.Ordinal)).ToDictionary(header => header.Key[3..], header => Uri.UnescapeDataString(header.Value.ToString()))
                : body.RootElement.EnumerateObject().Where(member => member.Name is not ("data" or "datacontenttype")).ToDictionary(member => member.Name, member => member.Value.GetString()!);
            Assert.Equal(
                new SortedDictionary<string, string>
                {
                    ["id"] = change.Id.ToString(),
                    ["source"] = "http://dam.example",
                    ["specversion"] = "1.0",
                    ["subject"] = "dam:ü 1",
                    ["time"] = "2026-03-01T12:00:00.250Z",
                    ["type"] = "org.example.record.inserted",
                },
                new SortedDictionary<string, string>(attributes));
            Assert.Equal(mode == "binary" ? "application/json" : "application/cloudevents+json", request.Headers.ContentType.ToString());
            var data = mode == "binary" ? body.RootElement : body.RootElement.GetProperty("data");
            Assert.Equal("dam:ü 1", data.GetProperty("pid").GetString());
        });
    }
}
