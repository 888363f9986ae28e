using System.Data.Common;
using Dam.Hosting;
using SampleHost.Changes;

namespace SampleHost.Storage;

/// <summary>What one piece of writing works with: the writer's connection inside its open transaction, and the time of the writing.</summary>
internal sealed class WriteScope(DbConnection connection, ChangeLogStatements changeLog, DateTimeOffset now, string? traceParent)
{
    public DbConnection Connection { get; } = connection;

    /// <summary>How a change is appended here.</summary>
    public ChangeLogStatements ChangeLog { get; } = changeLog;

    /// <summary>When this is written (UTC, whole milliseconds).</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The recorded span that the writing belongs to, as W3C Trace Context writes it; null when none is recorded.</summary>
    public string? TraceParent { get; } = traceParent;

    /// <summary>The changes this work appended to the log, in order.</summary>
    public List<AppendedChange> Appended { get; } = [];

    /// <summary>Whether what was written so far is to be undone although the work returns a value.</summary>
    public bool IsUndone { get; private set; }

    /// <summary>Undoes what this work wrote, once it returns.</summary>
    public void Undo() => IsUndone = true;
}

/// <summary>A change with its sequence, as it was appended.</summary>
/// <param name="Change">The change.</param>
/// <param name="Bytes">How much room it takes in the log.</param>
internal readonly record struct AppendedChange(Change Change, int Bytes);
