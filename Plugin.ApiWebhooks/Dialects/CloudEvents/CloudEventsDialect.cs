using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>
/// CloudEvents 1.0 over HTTP. Own keys: <c>events[]</c> as in the standard dialect, <c>mode</c> (<c>structured</c> or <c>binary</c>), <c>typePrefix</c> and
/// <c>handshake</c> (<c>off</c>, or <c>required</c> for the abuse protection: most receivers of CloudEvents do not answer it, so it is asked for).
/// </summary>
internal sealed class CloudEventsDialect(IHostInformation host) : IDialect
{
    private const string Binary = "binary";
    private const string Required = "required";

    private static readonly Option Mode = new("mode", OptionKind.Choice) { Default = "\"structured\"", Choices = ["structured", Binary] };
    private static readonly Option TypePrefix = new("typePrefix", OptionKind.Text) { Default = "\"\"", Max = 200 };

    private static readonly Option Handshake = new("handshake", OptionKind.Choice) { Default = "\"off\"", Choices = ["off", Required] };

    public string Name => "cloudevents";

    public string Title => "CloudEvents 1.0";

    public IReadOnlyList<Option> Options { get; } = [StandardFilter.EventTypes, Mode, TypePrefix, Handshake];

    public IReadOnlyList<EventDescription> Events => CloudEventsCatalogue.Events;

    public bool OffersThin => true;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var errors = faults.Count(IsError);
        var reader = new SectionReader(hook.Section, faults);
        var filter = StandardFilter.Read(hook, faults);
        var isBinary = reader.Choice(Mode) == Binary;
        var prefix = ReadPrefix(reader);
        var handshake = reader.Choice(Handshake) == Required ? AbuseProtection.Ask(host.BaseUri.IdnHost, RateOf(hook)) : null;
        return filter is null || faults.Count(IsError) > errors ? null : new CloudEventsRules(filter, isBinary, prefix, handshake);
    }

    // Its faults are told by the reader of the keys that all hooks have.
    private static double? RateOf(HookSection hook) => new SectionReader(hook.Section, []).Decimal(HookOptions.RatePerSecond);

    private static string ReadPrefix(SectionReader reader)
    {
        if (reader.Text(TypePrefix) is not { } prefix)
            return "";
        if (!prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or ':'))
            reader.Refuse(TypePrefix.Key, $"is \"{prefix}\"", "Write a domain in reverse, such as \"org.example.dam\".");
        return char.IsAsciiLetterOrDigit(prefix[^1]) ? prefix + "." : prefix;
    }

    private static bool IsError(PluginFault fault) => fault.Severity == FaultSeverity.Error;
}
