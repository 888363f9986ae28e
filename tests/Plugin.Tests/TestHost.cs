using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Dam.Hosting;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Plugin.Tests;

/// <summary>What a host offers by the SDK, in memory.</summary>
internal sealed class TestHost : IHostInformation, IHostIdentity, IUserDirectory, IRecordReader, IChangeLog, IPageFrame
{
    public string Environment { get; init; } = "Development";

    public Uri BaseUri { get; set; } = new("http://127.0.0.1:5080/");

    public string SiteTitle => "Test DAM";

    public string Version => "1.0.0";

    public string DefaultLanguage => "en";

    public string SignInAddress(string returnPath) => "/test-signin?to=" + returnPath;

    public TestLog Log { get; init; } = new();

    /// <summary>The change log; without one there are no changes.</summary>
    public IChangeLog? Changes { get; init; }

    public ConcurrentDictionary<long, RecordSnapshot> Records { get; } = new() { [13] = Record(13) };

    /// <summary>The users by name; a request names one in the header X-User.</summary>
    public Dictionary<string, HostUser> Users { get; } = new()
    {
        ["admin"] = User("admin", "admin", "editor", "viewer"),
        ["editor"] = User("editor", "editor", "viewer"),
        ["viewer"] = User("viewer", "viewer"),
    };

    /// <summary>A user. All but the one called cookie come with an API key.</summary>
    public static HostUser User(string name, params string[] roles) =>
        new() { Name = name, DisplayName = name, Language = "en", Roles = roles.ToHashSet(), ApiKeyName = name == "cookie" ? null : name };

    public static RecordSnapshot Record(long id, string type = "document") => new()
    {
        Id = id,
        Pid = $"CH-00001-X:{id}",
        Type = type,
        Title = "A record",
        Language = "en",
        Owner = "editor",
        Version = 1,
        CreatedAt = DateTimeOffset.UnixEpoch,
        CreatedBy = "editor",
        ModifiedAt = DateTimeOffset.UnixEpoch,
        ModifiedBy = "editor",
    };

    public ValueTask<HostUser?> FindUserAsync(HttpContext context) =>
        ValueTask.FromResult(Users.GetValueOrDefault(context.Request.Headers["X-User"].ToString()));

    /// <summary>The directory of users: those above, without the key of a request.</summary>
    public ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Users.GetValueOrDefault(name) is { } user ? user with { ApiKeyName = null } : null);

    public Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult(Records.GetValueOrDefault(id));

    /// <summary>Who may see what.</summary>
    public Func<HostUser, RecordSnapshot, bool> Visible { get; set; } = (_, _) => true;

    public bool CanSee(HostUser user, RecordSnapshot record) => Visible(user, record);

    public bool CanEdit(HostUser user, RecordSnapshot record) => user.Roles.Contains("editor");

    public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken) =>
        Changes?.ReadAfterAsync(position, limit, cancellationToken) ?? Task.FromResult<IReadOnlyList<Change>>([]);

    public Task WaitForMoreAsync(long position, CancellationToken cancellationToken) =>
        Changes?.WaitForMoreAsync(position, cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => Changes?.GetLastPositionAsync(cancellationToken) ?? Task.FromResult(0L);

    public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken) => Changes?.GetFirstPositionAsync(cancellationToken) ?? Task.FromResult(0L);

    public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken) =>
        Changes?.FindStretchAsync(from, before, cancellationToken) ?? Task.FromResult(default(ChangeStretch));

    public Task<IReadOnlyList<Change>?> ReadOfRecordAsync(long recordId, long? before, int limit, CancellationToken cancellationToken) =>
        Changes?.ReadOfRecordAsync(recordId, before, limit, cancellationToken) ?? Task.FromResult<IReadOnlyList<Change>?>(null);

    public async Task WriteAsync(HttpContext context, string title, IHtmlContent content)
    {
        using var text = new StringWriter();
        content.WriteTo(text, HtmlEncoder.Default);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync($"<!doctype html><title>{HtmlEncoder.Default.Encode(title)}</title>{text}");
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Message)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public LogLevel Lowest { get; init; } = LogLevel.Information;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Lowest;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception) + exception));

    public void Dispose()
    {
    }
}
