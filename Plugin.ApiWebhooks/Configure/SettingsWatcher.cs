using System.Security.Cryptography;
using Dam.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// Holds the settings in force. A saved edit is in force within two seconds; a faulty one is refused whole and the last good one stays, also over a restart.
/// </summary>
/// <remarks>
/// The file is looked at once a second instead of being watched: that costs one system call, and sees every way in which editors, scripts and network drives
/// replace a file. A faulty reading counts only when the file has rested since the look before: an editor may be half way through writing it.
/// </remarks>
internal sealed class SettingsWatcher : IPluginHealth, IDisposable
{
    /// <summary>How often the file is looked at. A faulty edit is told after two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SettingsFile _file;
    private readonly LastGoodText _lastGood;
    private readonly IReadOnlyList<IDialect> _dialects;
    private readonly IHostInformation _host;
    private readonly bool _isDevelopment;
    private readonly TimeProvider _time;
    private readonly ILogger<SettingsWatcher> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _publishing = new(1, 1);

    private readonly StoredHookReader _storedReader = new();
    private PluginSettings _fromFile = PluginSettings.Empty;
    private volatile PluginSettings _current = PluginSettings.Empty;
    private volatile IReadOnlyList<PluginFault> _faults = [];
    private StorageSettings? _storageAtStart;
    private volatile IReadOnlyList<PluginFault> _storedFaults = [];
    private HookSecrets? _secrets;
    private StoredHookTable? _stored;
    private Looked _last;
    private IReadOnlyDictionary<string, FileStamp> _certificates = new Dictionary<string, FileStamp>();
    private DateTimeOffset _certificatesToldAt;
    private Task _watching = Task.CompletedTask;

    /// <summary>Reads the file, or what was last good, at once: where the database lies depends on it. Hooks have their secrets only after <see cref="StartAsync"/>.</summary>
    public SettingsWatcher(
        SettingsFile file,
        LastGoodText lastGood,
        IEnumerable<IDialect> dialects,
        IHostInformation host,
        IWebHostEnvironment environment,
        TimeProvider time,
        ILogger<SettingsWatcher> logger)
    {
        (_file, _lastGood, _host, _time, _logger) = (file, lastGood, host, time, logger);
        _dialects = [.. dialects];
        _isDevelopment = environment.IsDevelopment();
        ReadAtStart();
    }

    /// <summary>The settings in force. Each value is whole: take it once and use it for one piece of work.</summary>
    public PluginSettings Current => _current;

    /// <summary>
    /// False while no configuration without an error was ever read. Changes must not be passed over then: nobody knows yet who wants them.
    /// </summary>
    public bool IsReady { get; private set; }

    /// <summary>A hash of the file that is in force: nodes with equal ones have the same configuration.</summary>
    public string Mark { get; private set; } = "";

    /// <summary>What is wrong with the file as it stands, whatever is in force, and which certificates in force end soon.</summary>
    public IReadOnlyList<PluginFault> Faults => [.. _faults, .. _storedFaults, .. ExpiringCertificates.Find(_current, _time.GetUtcNow())];

    /// <summary>Raised after other settings came into force; on a background thread.</summary>
    public event Action<PluginSettings>? Changed;

    /// <inheritdoc/>
    public IReadOnlyList<PluginFault> GetFaults() => Faults;

    /// <summary>Adds the hooks that are stored, gives all hooks their secrets, and begins to look at the file.</summary>
    public async Task StartAsync(HookSecrets secrets, StoredHookTable? stored = null)
    {
        (_secrets, _stored) = (secrets, stored);
        await PublishAsync(null).ConfigureAwait(false);
        _watching = WatchAsync();
    }

    /// <summary>Stops looking at the file.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    /// <summary>Puts the secrets of the hooks into the settings again, after one was rotated.</summary>
    public Task RefreshSecretsAsync() => PublishAsync(null);

    /// <summary>The same after another node may have changed stored hooks or secrets.</summary>
    public Task ReadStoredAgainAsync()
    {
        _stored?.ReadAgain();
        return PublishAsync(null);
    }

    /// <summary>Puts the stored hooks into the settings again, after one was made, changed or deleted.</summary>
    public Task RefreshAsync() => PublishAsync(null);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _publishing.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                await LookAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The plugin stops.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (_secrets?.NextEndAt <= _time.GetUtcNow())
                await RefreshSecretsAsync().ConfigureAwait(false);
            TellOfCertificates();
            var seen = See();
            var rested = seen == _last with { IsSettled = false };
            if (rested && _last.IsSettled)
                return;
            var (text, reading) = ReadFile();
            _last = seen with { Certificates = TextOf(_certificates.Values), IsSettled = reading.Settings is not null || rested };
            if (reading.Settings is { } settings)
                await TakeAsync(settings, text!, reading.Faults).ConfigureAwait(false);
            else if (rested)
                Refuse(reading.Faults);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            // Whatever it is, it must not end the watching: the next look tries again.
            _last = default;
            _logger.LogError(exception, "Looking at {Path} failed.", _file.Path);
        }
    }

    private void ReadAtStart()
    {
        var seen = See();
        var (text, reading) = ReadFile();
        _last = seen with { Certificates = TextOf(_certificates.Values), IsSettled = true };
        if (reading.Settings is { } settings)
        {
            (_current, _fromFile, _faults, IsReady) = (settings, settings, reading.Faults, true);
            Keep(text!);
            LogFaults(reading.Faults);
        }
        else if (_lastGood.Find() is { } kept && SettingsText.Read(kept, Context()).Settings is { } former)
        {
            (_current, _fromFile, IsReady, Mark) = (former, former, true, MarkOf(kept));
            Refuse(reading.Faults);
        }
        else
        {
            // Without a file nobody was ever promised anything; with a faulty one somebody may have been.
            IsReady = _last.Stamp == FileStamp.Missing;
            Refuse(reading.Faults);
        }

        _storageAtStart = _current.Storage;
    }

    private async Task TakeAsync(PluginSettings settings, byte[] text, IReadOnlyList<PluginFault> faults)
    {
        if (settings.Storage != _storageAtStart)
            faults = [.. faults, new(FaultSeverity.Warning, "storage", "The storage settings changed.", "Reload the plugin: they are read when it starts.")];
        await PublishAsync(settings, faults).ConfigureAwait(false);
        Keep(text);
        _logger.LogInformation("The configuration {Path} is in force: {Buttons} buttons, {Hooks} hooks.", _file.Path, settings.Buttons.Count, settings.Hooks.Count);
        LogFaults(faults);
        _certificatesToldAt = default;
        TellOfCertificates();
    }

    private void Keep(byte[] text)
    {
        _lastGood.Keep(text);
        Mark = MarkOf(text);
    }

    private static string MarkOf(ReadOnlyMemory<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text.Span).AsSpan(0, 8));

    // Every day again: a host may run for a year.
    private void TellOfCertificates()
    {
        var now = _time.GetUtcNow();
        if (now - _certificatesToldAt < TimeSpan.FromDays(1))
            return;
        _certificatesToldAt = now;
        LogFaults(ExpiringCertificates.Find(_current, now));
    }

    private void Refuse(IReadOnlyList<PluginFault> faults)
    {
        _faults = faults;
        _logger.LogError(
            "The configuration {Path} is refused: {Count} faults. {InForce}",
            _file.Path,
            faults.Count,
            IsReady ? "The last good one stays in force." : "There is no earlier good one: no button is shown and no event is sent until it is mended.");
        LogFaults(faults);
    }

    // Null publishes the settings in force again, with the secrets as they are now.
    private async Task PublishAsync(PluginSettings? replacement, IReadOnlyList<PluginFault>? faults = null)
    {
        await _publishing.WaitAsync().ConfigureAwait(false);
        try
        {
            var settings = _fromFile = replacement ?? _fromFile;
            if (_stored is not null)
            {
                (var hooks, _storedFaults) = _storedReader.ReadAll(_stored.All, Context(), settings.Network);
                settings = settings with { Hooks = [.. settings.Hooks, .. hooks] };
            }
            if (_secrets is not null)
                settings = settings with { Hooks = await _secrets.FillInAsync(settings.Hooks).ConfigureAwait(false) };
            _current = settings with { Hooks = [.. settings.Hooks.Where(hook => !hook.IsDeleted)], Deleted = [.. settings.Hooks.Where(hook => hook.IsDeleted)] };
            // Before anybody is told: whoever is asks for them at once.
            if (faults is not null)
                (_faults, IsReady) = (faults, true);
        }
        finally
        {
            _publishing.Release();
        }

        Changed?.Invoke(_current);
    }

    private (byte[]? Text, SettingsReading Reading) ReadFile()
    {
        var (text, fault) = _file.Read();
        if (fault is not null)
            return (null, new SettingsReading(null, [fault]));
        var context = Context();
        var reading = SettingsText.Read(text, context);
        _certificates = context.Files.Seen;
        return (text, reading);
    }

    /// <summary>What the reading of a hook depends on now.</summary>
    public ReadingContext Context() =>
        new(_dialects, _host.BaseUri, _isDevelopment) { Files = new CertificateFiles(Path.GetDirectoryName(_file.Path)!) };

    private Looked See() => new(_file.Stamp(), _host.BaseUri, TextOf(_certificates.Keys.Select(SettingsFile.StampOf)));

    private static string TextOf(IEnumerable<FileStamp> stamps) => string.Join('\n', stamps);

    private void LogFaults(IReadOnlyList<PluginFault> faults)
    {
        foreach (var fault in faults)
        {
            var level = fault.Severity == FaultSeverity.Error ? LogLevel.Error : LogLevel.Warning;
            _logger.Log(level, "{Place}: {Message} {Remedy}", fault.Place, fault.Message, fault.Remedy);
        }
    }

    // What a reading depended on, and whether its verdict was given.
    private readonly record struct Looked(FileStamp Stamp, Uri BaseUri, string Certificates)
    {
        public bool IsSettled { get; init; }
    }
}
