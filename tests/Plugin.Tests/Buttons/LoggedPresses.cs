using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Buttons;

/// <summary>Presses as they stand in the log, to look through.</summary>
internal static class LoggedPresses
{
    public static readonly DateTimeOffset First = new(2026, 3, 21, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Enters a press that ended with an outcome; with none it runs.</summary>
    public static async Task<PressLogEntry> EnterAsync(this PressLog log, PressLogEntry press, AttemptOutcome? outcome = AttemptOutcome.Succeeded, PressEnd? end = null)
    {
        Assert.True(await log.BeginAsync(press));
        if (outcome is not null)
            await log.EndAsync(press.PressKey, (end ?? new PressEnd { EndedAt = press.PressedAt, Outcome = null, Duration = TimeSpan.FromSeconds(1) }) with { Outcome = outcome });
        return press;
    }

    /// <summary>A press that runs.</summary>
    public static PressLogEntry Press(string key, int second = 0, string button = "fetch", string user = "editor", long record = 13) => new()
    {
        PressKey = key,
        ButtonKey = button,
        ButtonLabel = "Fetch",
        RecordId = record,
        RecordPid = $"pid:{record}",
        UserName = user,
        Language = "en",
        PressedAt = First.AddSeconds(second),
        Url = "http://cms.example.org/hook?id=13",
        Request = "Content-type: application/x-www-form-urlencoded\nX-Token: ***\n\n13",
    };
}
