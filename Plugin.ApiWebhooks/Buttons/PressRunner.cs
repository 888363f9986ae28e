using System.Collections.Concurrent;
using System.Text;
using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Carries out presses: one key, one POST, however often and from wherever it comes.</summary>
/// <remarks>
/// <list type="number">
/// <item>A key that runs is joined.</item>
/// <item>A key that ran is answered from the log.</item>
/// <item>A new one is entered in the log, before anything leaves.</item>
/// <item>The POST is made. The editor may stop waiting for it; it goes on to its own limit.</item>
/// <item>How it ended is entered in the log.</item>
/// </list>
/// A stop between 3 and 5 leaves a row without an end. Nobody knows then whether the POST arrived, so it is never repeated: the next start ends the row as lost.
/// </remarks>
internal sealed partial class PressRunner(PressLog log, GuardedSender sender, TimeProvider time, Telemetry telemetry, ILogger<PressRunner> logger) : IDisposable
{
    // What is kept of an answer in the log.
    private const int KeptAnswerBytes = 4 * 1024;

    // Longer than any button may be set to go on.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(ButtonOptions.GiveUp.Max) + TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<PressLogEntry>>> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The press of a key as it stands, running or ended, or null when there was none.</summary>
    public PressLogEntry? Find(string pressKey) =>
        _running.TryGetValue(pressKey, out var running) && running is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            ? running.Value.GetAwaiter().GetResult()
            : log.Find(pressKey);

    /// <summary>Runs a press, or joins the run of its key.</summary>
    /// <param name="button">The button.</param>
    /// <param name="press">The press.</param>
    /// <param name="label">The button's label in the page's language.</param>
    /// <returns>The press as logged when it has ended; perhaps that of an earlier use of the key.</returns>
    public Task<PressLogEntry> RunAsync(ButtonSettings button, ButtonPress press, string label)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        // 1. The Lazy makes sure that of two requests at the same moment one runs and both wait.
        return _running.GetOrAdd(press.PressKey, _ => new(() => RunOnceAsync(button, press, label))).Value;
    }

    /// <summary>Ends what earlier runs of the plugin left unfinished. To be called before the first press.</summary>
    public Task StartAsync() => EndLostAsync(log.IsShared ? time.GetUtcNow() - LongestRun : time.GetUtcNow());

    /// <summary>Ends what nobody can be running any more, such as the presses of a node that died.</summary>
    public Task EndLostAsync() => EndLostAsync(time.GetUtcNow() - LongestRun);

    private async Task EndLostAsync(DateTimeOffset before)
    {
        var lost = await log.EndLostAsync(time.GetUtcNow(), before).ConfigureAwait(false);
        if (lost > 0)
            LogLost(lost);
    }

    /// <summary>Waits for presses under way until the deadline, then breaks them off.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        using var cut = deadline.Register(_stopping.Cancel);
        foreach (var running in _running.Values)
            await ((Task)running.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task<PressLogEntry> RunOnceAsync(ButtonSettings button, ButtonPress press, string label)
    {
        // The caller's thread must not do the work before the task stands in the dictionary.
        await Task.Yield();
        var keep = false;
        try
        {
            // 2. and 3. The row decides: entering it fails when the key was used before.
            var post = PressRequest.Make(button, press, time.GetUtcNow());
            var entry = EntryOf(button, press, label, post);
            if (!await log.BeginAsync(entry).ConfigureAwait(false))
                return log.Find(press.PressKey) ?? entry;
            // 4.
            var result = await PostAsync(entry, post).ConfigureAwait(false);
            // 5.
            var ended = entry with { End = EndOf(result) };
            keep = !await TryEndAsync(ended).ConfigureAwait(false);
            return ended;
        }
        finally
        {
            // An end that could not be written is kept in memory, or the press would seem to run for ever.
            if (!keep)
                _running.TryRemove(press.PressKey, out _);
        }
    }

    private async Task<AttemptResult> PostAsync(PressLogEntry entry, OutgoingPost post)
    {
        var shownUrl = ShownUrl.Of(post.Url);
        using var span = telemetry.Traces.BeginPress(entry.ButtonKey, entry.PressKey, entry.RecordId, shownUrl, post.Body.Length);
        var result = await sender.PostAsync(Traces.Propagate(span, post), _stopping.Token).ConfigureAwait(false);
        Traces.End(span, result);
        telemetry.Metrics.CountPress(entry.ButtonKey, result);
        LogPressed(
            result.Succeeded ? LogLevel.Information : LogLevel.Warning, entry.PressKey, entry.ButtonKey, entry.RecordId, entry.UserName, shownUrl, result.Outcome,
            result.StatusCode, result.Duration.TotalMilliseconds, post.Body.Length, result.Answer.Length, result.Detail);
        return result;
    }

    private async Task<bool> TryEndAsync(PressLogEntry ended)
    {
        try
        {
            await log.EndAsync(ended.PressKey, ended.End!).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            // The POST was made and the editor must hear how it went, whatever the disk says.
            LogNotEnded(exception, ended.PressKey);
            return false;
        }
    }

    /// <summary>A press as it is entered in the log.</summary>
    public static PressLogEntry EntryOf(ButtonSettings button, ButtonPress press, string label, OutgoingPost post) => new()
    {
        PressKey = press.PressKey,
        ButtonKey = button.Key,
        ButtonLabel = label,
        RecordId = press.Page.Record.Id,
        RecordPid = press.Page.Record.Pid,
        UserName = press.Page.User.Name,
        Language = press.Page.Language,
        PressedAt = press.PressedAt,
        Url = PressRequest.ShownAddress(button.Url, press.Page.Record),
        Request = PressRequest.Describe(post),
    };

    private PressEnd EndOf(AttemptResult result)
    {
        var answer = result.Answer.Span;
        return new PressEnd
        {
            EndedAt = time.GetUtcNow(),
            Outcome = result.Outcome,
            Status = result.StatusCode,
            Reason = result.ReasonPhrase,
            // As the log keeps it: the words are the same the first time and ever after.
            Duration = TimeSpan.FromMilliseconds((long)result.Duration.TotalMilliseconds),
            Location = result.Location,
            Detail = result.Detail,
            AnswerType = result.AnswerContentType,
            Answer = answer.IsEmpty ? null : Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, KeptAnswerBytes)]),
            Message = AnswerMessage.Find(result.AnswerContentType, answer),
        };
    }

    [LoggerMessage(
        EventId = 1200, Message =
        "Press {PressKey} of button {Button} on record {Record} by {User}: {Outcome}, status {Status}, {DurationMs:0.0} ms, to {Url}; {BodyBytes} bytes sent, "
        + "{AnswerBytes} kept of the answer. {Detail}")]
    private partial void LogPressed(
        LogLevel level, string pressKey, string button, long record, string user, string url, AttemptOutcome outcome, int? status, double durationMs,
        int bodyBytes, int answerBytes, string? detail);

    [LoggerMessage(1201, LogLevel.Warning, "{Count} presses were cut off when the host stopped. Their outcome is unknown, and they are not repeated.")]
    private partial void LogLost(int count);

    [LoggerMessage(1202, LogLevel.Error, "The end of press {PressKey} could not be logged.")]
    private partial void LogNotEnded(Exception exception, string pressKey);
}
