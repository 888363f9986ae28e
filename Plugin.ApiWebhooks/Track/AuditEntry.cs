using System.Globalization;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Who did what to what.</summary>
internal sealed record AuditEntry
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string UserName { get; init; }

    /// <summary>The name of the API key, or of the application, that acted for the user; null at a page.</summary>
    public string? KeyName { get; init; }

    /// <summary>What was done, one of <see cref="Acts"/>.</summary>
    public required string Act { get; init; }

    public required AuditSubject Subject { get; init; }

    /// <summary>More of it in a few English words; never a secret.</summary>
    public string? Detail { get; init; }
}

/// <summary>What something was done to.</summary>
/// <param name="Name">Its kind and what it is found by, such as <c>subscription stored-…</c> or <c>delivery 17</c>.</param>
internal sealed record AuditSubject(string Name)
{
    /// <summary>What people call it.</summary>
    public string? Label { get; init; }

    /// <summary>Whose it is: he sees what is done to it. Null where it is nobody's.</summary>
    public string? Owner { get; init; }

    public static AuditSubject Subscription(string key, string? label, string? owner) => new("subscription " + key) { Label = label, Owner = owner };

    /// <summary>A delivery, with its subscription's label and owner.</summary>
    public static AuditSubject Delivery(long id, AuditSubject subscription) => subscription with { Name = Numbered("delivery", id) };

    /// <summary>A replay, with its subscription's label and owner.</summary>
    public static AuditSubject Replay(long id, AuditSubject subscription) => subscription with { Name = Numbered("replay", id) };

    public static AuditSubject Application(long id, string label, string owner) => new(Numbered("application", id)) { Label = label, Owner = owner };

    private static string Numbered(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind} {id}");
}

/// <summary>Which entries are asked for; null means all.</summary>
internal sealed record AuditQuery
{
    /// <summary>Only what this user did, and what was done to his own.</summary>
    public string? SeenBy { get; init; }

    public string? UserName { get; init; }

    public string? Act { get; init; }

    /// <summary>Stands somewhere in subject, label, detail or a name.</summary>
    public string? Text { get; init; }

    /// <summary>Entries after this one.</summary>
    public long After { get; init; } = long.MinValue;

    /// <summary>Entries before this one.</summary>
    public long Before { get; init; } = long.MaxValue;

    public bool NewestFirst { get; init; }

    public required int Limit { get; init; }
}
