using System.Text;
using System.Text.Json.Nodes;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure.Stored;

/// <summary>Reads stored hooks as those of config.json are read, with the same faults. What was read once is kept while it does not change.</summary>
internal sealed class StoredHookReader
{
    // Taken off the places of faults.
    private const string Root = HookSection.Root;

    // What names files and ways of the machine is the matter of whoever may edit its files.
    private static readonly Option[] OfTheFile =
    [
        HookOptions.Key, HookOptions.Proxy, HookOptions.CaFile, HookOptions.ClientCertificateFile, HookOptions.ClientCertificateKeyFile,
        HookOptions.ClientCertificatePassword,
    ];

    private readonly Dictionary<Guid, Known> _known = [];

    /// <summary>Reads all hooks. Not called at the same time by several.</summary>
    /// <param name="hooks">The hooks.</param>
    /// <param name="context">What the reading depends on.</param>
    /// <param name="network">The settings of the network, for the way to each receiver.</param>
    /// <returns>Those that can be in force, and what is wrong with the others.</returns>
    public (IReadOnlyList<HookSettings> Hooks, IReadOnlyList<PluginFault> Faults) ReadAll(
        IReadOnlyList<StoredHook> hooks, ReadingContext context, NetworkSettings network)
    {
        var (read, faults) = (new List<HookSettings>(hooks.Count), new List<PluginFault>());
        foreach (var hook in hooks)
        {
            if (!_known.TryGetValue(hook.Id, out var known) || known.Version != hook.Version || known.BaseUri != context.BaseUri)
            {
                var (settings, found) = Read(hook.Settings, hook.Id, hook.Owner, context);
                _known[hook.Id] = known = new Known(hook.Version, context.BaseUri, settings, found);
            }
            if (known.Settings is not null)
                read.Add(known.Settings with { Via = NetworkReader.WayOf(known.Settings, network), IsDeleted = hook.Deletion is not null });
            else if (hook.Deletion is null)
                faults.AddRange(known.Faults.Select(fault => fault with { Place = $"Subscription {hook.Id:D}: {fault.Place}" }));
        }
        if (_known.Count > hooks.Count)
            Forget(hooks);
        return (read, faults);
    }

    /// <summary>Reads one hook.</summary>
    /// <param name="settings">An entry of <c>hooks[]</c>.</param>
    /// <param name="id">Its id.</param>
    /// <param name="owner">The user who makes or made it.</param>
    /// <param name="context">What the reading depends on.</param>
    /// <returns>The settings, or null when an error stands among the faults; places begin within the hook.</returns>
    public static (HookSettings? Settings, IReadOnlyList<PluginFault> Faults) Read(JsonObject settings, Guid id, string owner, ReadingContext context)
    {
        var faults = new List<PluginFault>();
        var own = TakeOutOfTheFile(settings.DeepClone().AsObject(), faults).ToJsonString();
        var scan = JsonText.Scan(Encoding.UTF8.GetBytes(own));
        if (scan.Faults.Count > 0)
            return (null, [.. scan.Faults]);
        var read = new HookReader(context, faults).Read(HookSection.Parse(own) with { Owner = owner, Id = id });
        var isFaulty = read is null || faults.Exists(fault => fault.Severity == FaultSeverity.Error);
        return (isFaulty ? null : read! with { Key = StoredHook.KeyOf(id), StoredId = id, Owner = owner }, [.. faults.Select(Shortened)]);
    }

    // Taken out before anything is read: no call shall make the host open a file.
    private static JsonObject TakeOutOfTheFile(JsonObject settings, List<PluginFault> faults)
    {
        foreach (var key in settings.Select(each => each.Key).Where(key => OfTheFile.Any(option => option.Key.Equals(key, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            settings.Remove(key);
            faults.Add(new(FaultSeverity.Error, key, $"{key} stands in config.json only.", "Remove it, or configure the subscription in hooks[] of config.json."));
        }
        return settings;
    }

    private static PluginFault Shortened(PluginFault fault) =>
        fault.Place.StartsWith(Root + ".", StringComparison.Ordinal)
            ? fault with { Place = fault.Place[(Root.Length + 1)..], Message = fault.Message.Replace(Root + ".", "", StringComparison.Ordinal) }
            : fault;

    private void Forget(IReadOnlyList<StoredHook> hooks)
    {
        var kept = hooks.Select(hook => hook.Id).ToHashSet();
        foreach (var id in _known.Keys.Where(id => !kept.Contains(id)).ToList())
            _known.Remove(id);
    }

    private sealed record Known(int Version, Uri BaseUri, HookSettings? Settings, IReadOnlyList<PluginFault> Faults);
}
