using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Ckan;
using Plugin.ApiWebhooks.Dialects.CloudEvents;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.ApiWebhooks.Dialects.Phraseanet;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.Tests.Dialects;

/// <summary>
/// Every NAME.json below this folder holds a hook's own keys and a change; NAME.body beside it holds the bytes that must come out, but for the
/// line end. The folder names the dialect. A new pair is a new test.
/// </summary>
public sealed class PayloadTests
{
    internal static IReadOnlyList<IDialect> AllDialects { get; } =
    [
        new StandardDialect(),
        new DocuteamDialect(),
        new CkanDialect(),
        new ContensisDialect(new TestHost { Users = { ["editor"] = TestHost.User("editor", "editor") with { FirstName = "Tyler", LastName = "Durden" } } }),
        new PhraseanetDialect(),
        new CloudEventsDialect(new TestHost()),
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Dialects");

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Change_becomes_exactly_these_bytes(string file)
    {
        var input = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
        var change = input["change"].Deserialize<Change>(Json)!;
        var faults = new List<PluginFault>();
        var rules = Read(Path.GetDirectoryName(file)!, input["hook"]!.ToJsonString(), faults);
        Assert.Empty(faults);
        Assert.True(rules!.Wants(change));

        var rendering = rules.Render(change, new Deliver.TestHost());

        Assert.Equal(File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(file, ".body"))).TrimEnd('\n'), Encoding.UTF8.GetString(rendering.Body.Span));
        Assert.Equal(input["contentType"]?.GetValue<string>() ?? "application/json", rendering.ContentType);
        if (rendering.ContentType.Contains("json", StringComparison.Ordinal))
            JsonDocument.Parse(rendering.Body).Dispose();
        Assert.Equal(rendering.Body.ToArray(), rules.Render(change, new Deliver.TestHost()).Body.ToArray());
    }

    /// <summary>What the files of a dialect hold: a hook's own keys, and a change that it wants.</summary>
    internal static IEnumerable<(string Hook, Change Change)> OfDialect(string dialect) =>
        Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Where(file => string.Equals(Path.GetFileName(Path.GetDirectoryName(file)), dialect, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(file => JsonNode.Parse(File.ReadAllText(file))!)
            .Select(input => (input["hook"]!.ToJsonString(), input["change"].Deserialize<Change>(Json)!));

    internal static DialectRules? Read(string dialect, string keys, ICollection<PluginFault> faults)
    {
        // A hook without keys of its own is still a hook.
        return AllDialects.Single(d => string.Equals(d.Name, dialect, StringComparison.OrdinalIgnoreCase)).Read(HookSection.Parse(keys), faults);
    }
}
