using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>
/// The vocabulary of docuteam box 2.3 and later. Own keys: <c>operation</c>, <c>token</c>, <c>tokenHeader</c>, <c>tokenPrefix</c>,
/// <c>authentication</c> and <c>additionalMetadata[]</c>.
/// </summary>
/// <remarks>
/// docuteam documents neither the path of feeder's event API nor its header. Its own API authenticates with <c>X-Auth-Token</c>; that is the default,
/// and an assumption.
/// </remarks>
internal sealed class DocuteamDialect : IDialect
{
    private static readonly Option Operation = new("operation", OptionKind.Text)
    {
        Required = true, Max = 100, Suggestions = [.. DocuteamOperation.All.Select(operation => (operation.Slug, operation.Words[^1]))],
    };

    private static readonly Option Token = new("token", OptionKind.Text) { Secret = true, Max = 4000 };
    private static readonly Option TokenHeader = new("tokenHeader", OptionKind.Text) { Default = "\"X-Auth-Token\"", Max = 200 };
    private static readonly Option TokenPrefix = new("tokenPrefix", OptionKind.Text) { Default = "\"\"", Max = 100 };

    // docuteam box 2.3 has the field, with one value; later ones have dropped it.
    private static readonly Option Authentication = new("authentication", OptionKind.Choice) { Default = "\"feeder\"", Choices = ["feeder"], Aliases = ["Authentication option"] };
    private static readonly Option Metadata = new("additionalMetadata", OptionKind.Objects) { Default = "[]", Max = 100, Aliases = ["Additional metadata"], Fields = AdditionalMetadataReader.Options };

    public string Name => "docuteam";

    public string Title => "docuteam box";

    /// <summary>The words of docuteam's form.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>
    {
        [HookOptions.Label.Key] = "Label",
        [HookOptions.Url.Key] = "Target URL",
        [Token.Key] = "Token",
        [Operation.Key] = "Operation",
        [Authentication.Key] = "Authentication option",
        [Metadata.Key] = "Additional metadata",
        ["fieldLabel"] = "Field label",
        ["predicate"] = "Predicate",
        ["category"] = "Category",
        ["includePreviousValues"] = "Include previous values",
        ["insertMultipleValues"] = "Insert multiple values",
    };

    public IReadOnlyList<Option> Options { get; } = [Operation, Token, TokenHeader, TokenPrefix, Authentication, Metadata];

    public IReadOnlyList<EventDescription> Events => DocuteamCatalogue.Events;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var errors = faults.Count(IsError);
        var reader = new SectionReader(hook.Section, faults);
        var operation = ReadOperation(reader);
        reader.Choice(Authentication);
        var header = ReadTokenHeader(reader);
        var rows = new AdditionalMetadataReader(faults).ReadAll(reader.Objects(Metadata));
        return operation is null || faults.Count(IsError) > errors ? null : new DocuteamRules(operation, rows, header);
    }

    private static DocuteamOperation? ReadOperation(SectionReader reader)
    {
        if (reader.Text(Operation) is not { } text)
            return null;
        var operation = DocuteamOperation.Find(text);
        if (operation is null)
            reader.Refuse(Operation.Key, $"is \"{text}\", which is not known", $"Write one of: {string.Join(", ", DocuteamOperation.All.Select(o => o.Slug))}.");
        return operation;
    }

    private static KeyValuePair<string, string>? ReadTokenHeader(SectionReader reader)
    {
        var token = reader.Text(Token);
        var name = reader.Text(TokenHeader) ?? "X-Auth-Token";
        var value = token is null ? "" : Prefix(reader.Text(TokenPrefix)) + token;
        if (HeaderRules.Find(name, value) is not { } objection)
            return token is null ? null : KeyValuePair.Create(name, value);
        reader.Refuse(TokenHeader.Key, $"cannot be used: {objection.Message.TrimEnd('.')}", objection.Remedy);
        return null;
    }

    // "Bearer" means "Bearer " to whoever writes it; "token=" means what it says.
    private static string Prefix(string? text) => text is null ? "" : char.IsAsciiLetterOrDigit(text[^1]) ? text + " " : text;

    private static bool IsError(PluginFault fault) => fault.Severity == FaultSeverity.Error;
}

/// <summary>One webhook of docuteam box.</summary>
internal sealed class DocuteamRules(
    DocuteamOperation operation, IReadOnlyList<AdditionalMetadata> rows, KeyValuePair<string, string>? tokenHeader) : DialectRules
{
    public override string RenderingKey { get; } = $"docuteam {operation.Slug} {string.Join('\n', rows)}";

    public override IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = tokenHeader is { } header ? [header] : [];

    public override bool Wants(Change change) => operation.Wants(change);

    public override Rendering Render(Change change, IHostInformation host) =>
        new("application/json", DocuteamPayload.Write(change, operation, rows, host.BaseUri));
}
