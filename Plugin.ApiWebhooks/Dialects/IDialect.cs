using System.Collections.ObjectModel;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects;

/// <summary>A wire vocabulary. Each system has a folder of its own here; adding a system is adding a folder and one line where they are registered.</summary>
internal interface IDialect
{
    /// <summary>The name that stands under <c>dialect</c> in a hook.</summary>
    string Name { get; }

    /// <summary>What people call the system whose vocabulary it is.</summary>
    string Title => Name;

    /// <summary>What that system's own form calls the keys of a hook; a form here uses these words.</summary>
    IReadOnlyDictionary<string, string> Labels => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The keys of a hook that belong to this dialect, beside those every hook has (<see cref="HookOptions"/>).</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Whether its receivers know a thin form, which a hook may ask for by <c>"payload": "thin"</c>; then its rules make it in <see cref="DialectRules.RenderThin"/>.</summary>
    bool OffersThin => false;

    /// <summary>The events it can send, for the event catalogue; names and forms are unique.</summary>
    IReadOnlyList<EventDescription> Events => [];

    /// <summary>Reads a hook's own keys.</summary>
    /// <param name="hook">The hook; the path of its section begins every fault's place.</param>
    /// <param name="faults">Takes every fault found, with key path and remedy.</param>
    /// <returns>The rules, or null when a fault was found.</returns>
    DialectRules? Read(HookSection hook, ICollection<PluginFault> faults);

    /// <summary>What is wrong with a hook's address, or null. A dialect whose addresses hold places for values has an eye for them here.</summary>
    (string What, string Remedy)? FindObjection(string url) => AddressRules.Find(url);
}

/// <summary>What one hook asked of its dialect: which changes it wants, and how they look.</summary>
internal abstract class DialectRules
{
    /// <summary>Two rules with equal keys make the same bytes of a change, so that these are rendered and stored once.</summary>
    public abstract string RenderingKey { get; }

    /// <summary>Headers the dialect prescribes, with their secret values.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>The method of the request.</summary>
    public virtual string Method => "POST";

    /// <summary>What the receiver is asked before the first delivery to it; null for nothing.</summary>
    public virtual Handshake? Handshake => null;

    /// <summary>Whether the hook wants a change.</summary>
    public abstract bool Wants(Change change);

    /// <summary>Whether the owner of a stored hook may know of a change. Asked when it is read; a hook of config.json has no owner and is not asked.</summary>
    /// <param name="change">A change that <see cref="Wants"/> accepted.</param>
    /// <param name="owner">The owner, with the rights of this moment.</param>
    /// <param name="records">Tells what the owner may see.</param>
    public virtual bool MayReceive(Change change, HostUser owner, IRecordReader records) =>
        change.Record is { } record ? records.CanSee(owner, record) : owner.Roles.Contains("admin");

    /// <summary>Makes the bytes of a change. The same change gives the same bytes.</summary>
    /// <param name="change">A change that <see cref="Wants"/> accepted.</param>
    /// <param name="host">The host's address and title.</param>
    /// <exception cref="RenderException">No message can be made of this change.</exception>
    public abstract Rendering Render(Change change, IHostInformation host);

    /// <summary>
    /// Makes a short form of a change whose bytes are too many: who and what, and where to ask for the rest. Null where the dialect has no such form; the
    /// change is refused then, to the operator's eyes.
    /// </summary>
    /// <param name="change">A change that <see cref="Wants"/> accepted.</param>
    /// <param name="host">The host's address and title.</param>
    public virtual Rendering? RenderThin(Change change, IHostInformation host) => null;

    /// <summary>The address of a message that has values. Asked at each attempt, so that a corrected address helps what already waits.</summary>
    /// <param name="url">The hook's address as it is configured now.</param>
    /// <param name="values">The message's <see cref="Rendering.Values"/>.</param>
    /// <returns>The address, or null when it asks for a value that the message does not have.</returns>
    public virtual string? AddressOf(string url, IReadOnlyDictionary<string, string> values) => url;

    /// <summary>The headers the dialect prescribes for a message that has values, with their secret values. Asked at each attempt.</summary>
    /// <param name="values">The message's <see cref="Rendering.Values"/>.</param>
    public virtual IReadOnlyList<KeyValuePair<string, string>> HeadersOf(IReadOnlyDictionary<string, string> values) => Headers;

    /// <summary>Whether the value of one of its headers is to be kept from the eyes of people who try the hook. Yes, unless a dialect knows better.</summary>
    /// <param name="header">The header's name.</param>
    public virtual bool IsSecret(string header) => true;

    /// <summary>Whether the hook wants notices of the plugin itself, by the type's name. None unless a dialect has words for them.</summary>
    public virtual bool WantsNotice(string type) => false;

    /// <summary>Makes the bytes of a notice that <see cref="WantsNotice"/> accepted.</summary>
    public virtual Rendering RenderNotice(DisabledNotice notice, IHostInformation host) =>
        throw new NotSupportedException("This dialect has no words for notices.");
}

/// <summary>A change as it goes over the wire.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="Body">The bytes; they are never made again for a retry.</param>
internal sealed record Rendering(string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>What of the change goes into address and headers; kept with the message. Not secret. Null when these are the same for every change.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }
}
