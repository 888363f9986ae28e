using System.Net;
using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Deliver;

/// <summary>The whole way of events on a real file and real HTTP; the change log and the clock are the test's.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private readonly List<IAsyncDisposable> _open = [];
    private volatile PluginSettings _settings = PluginSettings.Empty with { Delivery = new DeliverySettings { JitterPercent = 0, Gather = TimeSpan.Zero } };

    public string DatabasePath => Path.Combine(_folder, "webhooks.db");

    public FakeClock Clock { get; } = new();

    /// <summary>The host's title, users and records.</summary>
    public Plugin.Tests.TestHost Host { get; init; } = new() { BaseUri = new Uri("http://dam.example/") };

    public MemoryChangeLog Log { get; init; } = new();

    /// <summary>The clock; the test's own unless set.</summary>
    public TimeProvider Time { get => field ?? Clock; init; }

    /// <summary>Opens the database; one of this fixture's own unless set.</summary>
    public Func<PluginDatabase>? OpenDatabase { get; init; }

    /// <summary>What nodes compare of their configuration.</summary>
    public string ConfigMark { get; set; } = "";

    public PluginSettings Settings { get => _settings; set => _settings = value; }

    /// <summary>What may be dialled although it is not public; asked at every connect.</summary>
    public AddressAllowed Allowed { get; set; } = (_, _, address) => IPAddress.IsLoopback(address);

    /// <summary>Resolves names; the system's resolver when null. Set before the start.</summary>
    public ResolveHost? Resolve { get; set; }

    public PluginDatabase Database { get; private set; } = null!;

    /// <summary>What administrators see of deliveries and attempts.</summary>
    public DeliveryHistory History => new(Database);

    public EventPipeline Pipeline { get; private set; } = null!;

    /// <summary>What it tells of itself.</summary>
    public Telemetry Telemetry { get; private set; } = null!;

    public ILoggerFactory Loggers { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Raised after ends of attempts were committed.</summary>
    public event Action<IReadOnlyList<Settlement>>? Stored;

    public static HookSettings Hook(string url, string key = "hook", DialectRules? rules = null)
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));
        return new HookSettings
        {
            Key = key,
            Label = key,
            Dialect = "standard",
            Url = url,
            Secret = secret,
            Rules = rules ?? new StandardRules(new HashSet<ChangeKind>(Enum.GetValues<ChangeKind>())),
        };
    }

    /// <summary>Starts the pipeline with hooks; again after <see cref="StopAsync"/> or <see cref="CrashAsync"/> on the same file.</summary>
    public async Task StartAsync(params HookSettings[] hooks)
    {
        Settings = Settings with { Hooks = hooks };
        Database = OpenDatabase?.Invoke() ?? TestDatabase.Open(DatabasePath);
        var sender = new GuardedSender((host, port, address) => Allowed(host, port, address), Time, Resolve);
        Telemetry = new Telemetry();
        Pipeline = new EventPipeline(new EventPipelineParts
        {
            Database = Database,
            Sender = sender,
            Settings = () => Settings,
            IsReady = () => true,
            Log = Log,
            Host = Host,
            Users = Host,
            Records = Host,
            Time = Time,
            ConfigMark = () => ConfigMark,
            ReadSettingsAgain = ReadSettingsAgainAsync,
            GatherResults = TimeSpan.Zero, // The clock stands still.
            Random = new Random(1),
            Telemetry = Telemetry,
            Loggers = Loggers,
        });
        _open.Add(new Closing(sender));
        _open.Add(new Closing(Telemetry));
        Pipeline.Stored += settlements => Stored?.Invoke(settlements);
        await Pipeline.StartAsync();
    }

    /// <summary>Changes the hooks while it runs, and waits until that is in force.</summary>
    public async Task ChangeHooksAsync(params HookSettings[] hooks)
    {
        Settings = Settings with { Hooks = hooks };
        await Pipeline.ApplySettingsAsync();
    }

    // As the plugin does it: they are new, and applied when there is time. Those that the test sets meanwhile stay.
    private Task ReadSettingsAgainAsync()
    {
        var settings = _settings;
        Interlocked.CompareExchange(ref _settings, settings with { }, settings);
        Pipeline.SettingsChanged();
        return Task.CompletedTask;
    }

    /// <summary>Stops in good order.</summary>
    public async Task StopAsync()
    {
        await Pipeline.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>What lies on the disk now. Restored after <see cref="StopAsync"/>, it is as if the power had failed at this moment.</summary>
    public Action KeepDisk()
    {
        // The lock is empty, and while it is held nobody else opens it.
        var kept = Directory.GetFiles(_folder).Where(file => Path.GetExtension(file) != ".lock").ToDictionary(file => file, File.ReadAllBytes);
        return () =>
        {
            foreach (var file in Directory.GetFiles(_folder))
                File.Delete(file);
            foreach (var (file, bytes) in kept)
                File.WriteAllBytes(file, bytes);
        };
    }

    /// <summary>One value from the database.</summary>
    public T Query<T>(string sql) => Database.Read(c => (T)Convert.ChangeType(c.Prepared(sql).ExecuteScalar()!, typeof(T), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Begins to wait until the ends of so many attempts were committed; start it before what causes them.</summary>
    public Task WhenStored(int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stored += settlements =>
        {
            // What was given back without an attempt is not among them.
            if (Interlocked.Add(ref count, -settlements.Count(each => each.Attempt is not null)) <= 0)
                done.TrySetResult();
        };
        return done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>
    /// Waits for what comes when its time has come, after the clock was moved there. Whoever read the clock before and set a timer after would wait for as long again: after a while
    /// the clock goes on.
    /// </summary>
    public async Task<T> WaitInTimeAsync<T>(Task<T> awaited)
    {
        await Task.WhenAny(awaited, Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System));
        while (!awaited.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(awaited, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }
        return await awaited;
    }

    /// <summary>Waits until all changes were detected and no attempt is under way: an attempt may be committed while its change is still being noted.</summary>
    public async Task WhenQuietAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Log.IsReadToItsEnd || Pipeline.Dispatcher!.InFlight > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var open in _open)
            await open.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Closing(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

internal sealed class TestHost : IHostInformation
{
    public Uri BaseUri { get; } = new("http://dam.example");

    public string SiteTitle => "Test DAM";

    public string Version => "1.0";

    public string DefaultLanguage => "en";
}
