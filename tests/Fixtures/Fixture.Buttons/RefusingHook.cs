using Dam.Hosting;

namespace Fixture.Buttons;

/// <summary>Objects to saves by the values in them, and records what was committed.</summary>
internal sealed class RefusingHook(Recorder recorder) : ISaveHook
{
    public ValueTask BeforeSaveAsync(SaveAttempt save, CancellationToken cancellationToken)
    {
        foreach (var (field, values) in save.Proposed)
        {
            if (values.Contains("refuse me"))
                save.AddError(field, "The fixture refuses this value: enter another.");
            if (values.Contains("cancel me"))
                save.Cancel("The fixture cancels this save.");
            if (values.Contains("break me"))
                throw new InvalidOperationException("Fixture.Buttons breaks");
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask AfterCommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            recorder.Commits.Enqueue($"{change.Sequence} {change.Kind}");
        return ValueTask.CompletedTask;
    }
}
