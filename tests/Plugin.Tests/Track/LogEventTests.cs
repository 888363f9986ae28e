using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Track;

public sealed class LogEventTests
{
    [Fact]
    public void No_two_log_events_have_one_id()
    {
        var ids = typeof(EventPipeline).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToList();
        Assert.NotEmpty(ids);
        Assert.Empty(ids.CountBy(id => id).Where(each => each.Value > 1).Select(each => each.Key));
        Assert.DoesNotContain(-1, ids);
    }

    [Fact]
    public async Task An_attempt_is_one_event_with_all_that_an_operator_needs()
    {
        var log = new Events();
        await using var f = new PipelineFixture { Loggers = LoggerFactory.Create(builder => builder.AddProvider(log).SetMinimumLevel(LogLevel.Debug)) };
        await using var receiver = await Receiver.StartAsync(f.Clock);
        receiver.AnswerWith(500);
        await f.StartAsync(PipelineFixture.Hook(receiver.Url + "/in?token=s3cret", "index"));
        var stored = f.WhenStored(1);
        f.Log.Append();
        await stored;

        var (level, fields) = Assert.Single(log.Of(2000));
        Assert.Equal(LogLevel.Warning, level);
        Assert.Equal(
            ["MessageId", "DeliveryId", "Hook", "Kind", "Sequence", "Number", "Outcome", "Status", "DurationMs", "LagMs", "Url", "BodyBytes", "AnswerBytes", "Detail", "Verdict", "NextAt"],
            fields.Keys.Where(name => name != "{OriginalFormat}"));
        Assert.Equal((1, "index", 500, receiver.Url + "/in?token=***", "Retry"), (fields["Number"], fields["Hook"], fields["Status"], fields["Url"], fields["Verdict"]));
        Assert.Equal(f.Clock.GetUtcNow() + TimeSpan.FromSeconds(5), fields["NextAt"]);
    }

    private sealed class Events : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(int Id, LogLevel Level, Dictionary<string, object?> Fields)> _events = new();

        public IReadOnlyList<(LogLevel Level, Dictionary<string, object?> Fields)> Of(int id) =>
            [.. _events.Where(each => each.Id == id).Select(each => (each.Level, each.Fields))];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _events.Enqueue((eventId.Id, logLevel, state is IEnumerable<KeyValuePair<string, object?>> fields ? new(fields) : []));

        public void Dispose()
        {
        }
    }
}
