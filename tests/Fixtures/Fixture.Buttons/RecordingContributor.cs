using Dam.Hosting;

namespace Fixture.Buttons;

/// <summary>Each button ends its presses in the way its key says.</summary>
internal sealed class RecordingContributor(Recorder recorder) : IEditPageContributor
{
    public IReadOnlyList<EditButton> GetButtons(EditPageContext page) =>
    [
        new("succeed", "Succeed"), new("fail", "Fail"), new("run-on", "Run on"), new("refuse", "Refuse", "Really?"), new("throw", "Throw"),
    ];

    public Task<PressOutcome> PressAsync(ButtonPress press, CancellationToken cancellationToken)
    {
        // One key runs at most once, also when it comes twice at the same time.
        lock (recorder.Gate)
            return Task.FromResult(Press(press));
    }

    public Task<PressReport?> FindPressAsync(string pressKey, CancellationToken cancellationToken) =>
        Task.FromResult(recorder.Reports.GetValueOrDefault(pressKey));

    private PressOutcome Press(ButtonPress press)
    {
        if (recorder.Reports.TryGetValue(press.PressKey, out var earlier))
            return earlier.Outcome;
        var record = press.Page.Record;
        recorder.Presses.Enqueue($"{press.PressKey} {press.ButtonKey} {record.Id} {record.Version} {press.Page.User.Name}");
        var outcome = OutcomeOf(press.ButtonKey);
        recorder.Reports[press.PressKey] = new PressReport(
            press.PressKey, press.ButtonKey, record.Id, press.Page.User.Name, press.PressedAt, outcome);
        return outcome;
    }

    private static PressOutcome OutcomeOf(string buttonKey) => buttonKey switch
    {
        "succeed" => new PressOutcome.Succeeded { Message = "It worked.", Answer = "<b>done</b>" },
        "fail" => new PressOutcome.Failed { Message = "It did not work.", Answer = "no" },
        "run-on" => new PressOutcome.StillRunning { Message = "It takes longer." },
        "throw" => throw new InvalidOperationException("Fixture.Buttons throws"),
        _ => new PressOutcome.Refused { Message = "Not allowed." },
    };
}
