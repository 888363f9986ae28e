using System.Diagnostics;

namespace SampleHost.Storage;

/// <summary>One piece of writing that waits for the writer, runs in a savepoint of its own and is answered after the commit.</summary>
internal abstract class WriteJob
{
    /// <summary>The recorded span that the work belongs to; taken where it is handed in, since the writer runs outside of it.</summary>
    public string? TraceParent { get; } = Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } span ? span.Id : null;

    private int _isTaken;

    /// <summary>Whether whoever calls is the first: the writer that begins it, or its caller who has waited too long for that.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public abstract void Run(WriteScope scope);

    /// <summary>Answers the caller: the work is durable, or was undone as it asked.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

internal sealed class WriteJob<T>(Func<WriteScope, T> work, CancellationToken cancellationToken) : WriteJob
{
    // Continuations run elsewhere: the writer must not run a caller's code.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public Task<T> Answer => _answer.Task;

    public override void Run(WriteScope scope)
    {
        // A caller that left before the work began has nothing saved; one that leaves later gets what it asked for.
        cancellationToken.ThrowIfCancellationRequested();
        _value = work(scope);
    }

    public override void Complete() => _answer.TrySetResult(_value!);

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException cancelled)
            _answer.TrySetCanceled(cancelled.CancellationToken);
        else
            _answer.TrySetException(exception);
    }
}
