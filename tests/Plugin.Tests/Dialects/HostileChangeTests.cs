using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Dam.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.Tests.Dialects;

/// <summary>
/// Every dialect that the plugin registers, by the hooks of its catalogue and of the files of <see cref="PayloadTests"/>, with changes made to break it: what comes is
/// sound JSON or XML, or a refusal in words; the same bytes each time; and no other exception.
/// </summary>
public sealed class HostileChangeTests
{
    private const int ChangesPerHook = 6;

    public static TheoryData<string, int> DialectsAndSeeds()
    {
        var data = new TheoryData<string, int>();
        using var services = Registered();
        foreach (var dialect in services.GetServices<IDialect>())
        {
            for (var seed = 1; seed <= 3; seed++)
                data.Add(dialect.Name, seed);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(DialectsAndSeeds))]
    public void Hostile_changes_give_JSON_or_a_refusal(string name, int seed)
    {
        using var services = Registered();
        var dialect = services.GetServices<IDialect>().Single(each => each.Name == name);
        var changes = new HostileChanges(seed);
        var rendered = 0;
        foreach (var (rules, example) in Hooks(dialect))
        {
            for (var i = 0; i < ChangesPerHook; i++)
            {
                rendered += Check(rules, changes.Like(example)) ? 1 : 0;
                Check(rules, changes.Any());
            }
        }
        Assert.True(rendered > 0, "No hook wanted any of the changes, which tests nothing.");
    }

    [Theory]
    [MemberData(nameof(DialectsAndSeeds))]
    public void Texts_arrive_as_they_are(string name, int seed)
    {
        using var services = Registered();
        var dialect = services.GetServices<IDialect>().Single(each => each.Name == name);
        var text = new Templates.HostileText(new Random(seed));
        foreach (var (rules, example) in Hooks(dialect).Where(hook => hook.Example.Record is not null))
        {
            // Each has a word of its own, so that it is found again.
            var title = "Ä\u2028" + text.Next() + "🌊\"";
            var change = example with { Record = example.Record! with { Title = title }, File = example.File is { } file ? file with { Name = title } : null };
            if (!rules.Wants(change) || !rules.Render(change, new TestHost()).ContentType.Contains("json", StringComparison.Ordinal))
                continue;
            var whole = rules.Render(change, new TestHost());
            var usual = rules.Render(example with { Record = example.Record with { Title = "usual" }, File = example.File is { } f ? f with { Name = "usual" } : null }, new TestHost());
            using var json = JsonDocument.Parse(whole.Body);
            using var asUsual = JsonDocument.Parse(usual.Body);
            if (Texts(asUsual.RootElement).Contains("usual"))
                Assert.Contains(Templates.HostileText.Sound(title), Texts(json.RootElement));
        }
    }

    private static bool Check(DialectRules rules, Change change)
    {
        if (!rules.Wants(change))
            return false;
        var host = new TestHost();
        try
        {
            AssertSound(rules.Render(change, host), rules.Render(change, host), rules);
            if (rules.RenderThin(change, host) is { } thin)
                AssertSound(thin, rules.RenderThin(change, host)!, rules);
            return true;
        }
        catch (RenderException refusal)
        {
            Assert.NotEmpty(refusal.Message);
            return false;
        }
    }

    private static void AssertSound(Rendering first, Rendering again, DialectRules rules)
    {
        Assert.True(first.Body.Span.SequenceEqual(again.Body.Span), "The same change gave other bytes.");
        Assert.Equal(first.Values?.OrderBy(value => value.Key, StringComparer.Ordinal), again.Values?.OrderBy(value => value.Key, StringComparer.Ordinal));
        Assert.DoesNotContain(first.ContentType, char.IsControl);
        _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(first.Body.Span);
        if (first.ContentType.Contains("json", StringComparison.Ordinal))
        {
            using var json = JsonDocument.Parse(first.Body);
            // Half a surrogate pair, written as an escape, passes for JSON until somebody reads it.
            Assert.DoesNotContain(null, Texts(json.RootElement).Distinct());
        }
        else if (first.ContentType.Contains("xml", StringComparison.Ordinal))
        {
            Assert.NotNull(XDocument.Parse(Encoding.UTF8.GetString(first.Body.Span)).Root);
        }
        if (first.Values is not { } values)
            return;
        const string Url = "https://receiver.example/hook";
        Assert.Equal(Url, rules.AddressOf(Url, values));
        Assert.All(rules.HeadersOf(values), header => Assert.DoesNotContain(header.Value, char.IsControl));
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value).Append(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    private static List<(DialectRules Rules, Change Example)> Hooks(IDialect dialect)
    {
        var hooks = new List<(DialectRules, Change)>();
        foreach (var (hook, change) in OfCatalogue(dialect).Concat(PayloadTests.OfDialect(dialect.Name)))
        {
            var faults = new List<PluginFault>();
            var rules = dialect.Read(HookSection.Parse(hook), faults);
            Assert.Empty(faults);
            hooks.Add((rules!, change));
        }
        return hooks;
    }

    private static IEnumerable<(string Hook, Change Change)> OfCatalogue(IDialect dialect)
    {
        foreach (var description in dialect.Events)
        {
            if (description.Kind is not { } kind)
                continue;
            var change = ExampleChanges.Of(kind);
            yield return (description.Hook, description.Shape?.Invoke(change) ?? change);
        }
    }

    private static ServiceProvider Registered()
    {
        var host = new TestHost();
        var services = new ServiceCollection();
        services.AddSingleton<IHostInformation>(host).AddSingleton<IUserDirectory>(host).AddSingleton<IRecordReader>(host).AddSingleton(TimeProvider.System)
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        // Nothing is read or written there: dialects alone are asked for.
        var nowhere = Path.Combine(AppContext.BaseDirectory, "nowhere");
        new ApiWebhooksPlugin().ConfigureServices(services, new PluginContext { Id = "ApiWebhooks", Version = "0", Directory = nowhere, DataDirectory = nowhere });
        return services.BuildServiceProvider();
    }
}
