using System.Globalization;

namespace SampleHost.Storage;

/// <summary>Something that keeps the storage from working.</summary>
/// <param name="Text">What, in words for people, without its end; no password.</param>
/// <param name="SinceAt">When it was noticed (UTC).</param>
/// <param name="CanRead">Whether reading goes on meanwhile.</param>
internal sealed record StorageFault(string Text, DateTimeOffset SinceAt, bool CanRead)
{
    /// <summary>The fault with its beginning.</summary>
    public string Sentence => $"{Text} Since {Utc(SinceAt)}.";

    /// <summary>What an exception says, without where in a statement it happened.</summary>
    public static string Reason(Exception exception) => (exception is Npgsql.PostgresException told ? told.MessageText : exception.Message).TrimEnd('.');

    /// <summary>An instant for people.</summary>
    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}

/// <summary>The storage cannot do now what it was asked for, and may later.</summary>
/// <param name="message">Why, in words for people.</param>
/// <param name="cause">What failed; null when nothing was tried.</param>
internal sealed class StorageUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it may have been done all the same: the answer to the commit was lost, and nobody could be asked in time.</summary>
    public bool MayStand { get; init; }
}
