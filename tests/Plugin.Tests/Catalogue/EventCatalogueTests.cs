using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Send;

namespace Plugin.Tests.Catalogue;

/// <summary>What the event catalogue says of the events is what is sent.</summary>
public sealed class EventCatalogueTests
{
    private static readonly EventCatalogue Catalogue = TestCatalogue.Instance;

    public static TheoryData<string, string, string> Entries()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var entry in Catalogue.All)
            data.Add(entry.Dialect, entry.Event.Name, entry.Event.Form ?? "");
        return data;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void The_example_validates_against_the_schema_and_the_schema_names_every_key_of_it(string dialect, string name, string form)
    {
        var entry = Catalogue.Find(dialect, name, form)!;
        Assert.Empty(SchemaCheck.Validate(entry.Schema, JsonNode.Parse(entry.Example.Body), isClosed: true));
        Assert.Equal(name, entry.Schema["title"]!.GetValue<string>());
        Assert.Matches("^[A-Z].*\\.$", entry.Event.Description);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_example_without_one_of_its_required_keys_does_not_validate(string dialect, string name, string form)
    {
        var entry = Catalogue.Find(dialect, name, form)!;
        var required = entry.Schema["required"]!.AsArray().Select(key => key!.GetValue<string>()).ToArray();
        Assert.NotEmpty(required);
        foreach (var key in required)
        {
            var body = JsonNode.Parse(entry.Example.Body)!.AsObject();
            Assert.True(body.Remove(key), key);
            Assert.NotEmpty(SchemaCheck.Validate(entry.Schema, body, isClosed: true));
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void The_example_is_signed_with_the_published_secret(string dialect, string name, string form)
    {
        var example = Catalogue.Find(dialect, name, form)!.Example;
        Assert.True(WebhookSecret.TryParse(EventCatalogue.ExampleSecret, out var secret));
        Assert.Equal(
            StandardSignature.Sign(Header("webhook-id"), long.Parse(Header("webhook-timestamp"), CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(example.Body), secret),
            Header("webhook-signature"));
        Assert.NotEmpty(Header("Content-Type"));

        string Header(string wanted) => example.Headers.Single(header => header.Key == wanted).Value;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_thin_form_is_there_where_the_dialect_offers_one_and_has_no_texts_of_the_record(string dialect, string name, string form)
    {
        var (entry, offers) = (Catalogue.Find(dialect, name, form)!, TestCatalogue.Dialects.Single(each => each.Name == dialect).OffersThin);
        if (entry.Event.Kind is not { } kind)
            return;
        var rules = TestCatalogue.Dialects.Single(each => each.Name == dialect).Read(HookSection.Parse(entry.Event.Hook), [])!;
        var change = entry.Event.Shape?.Invoke(ExampleChanges.Of(kind)) ?? ExampleChanges.Of(kind);
        var thin = rules.RenderThin(change, TestCatalogue.Host);
        Assert.Equal(offers, thin is not null);
        if (thin is null)
            return;
        Assert.DoesNotContain("Lighthouse", Encoding.UTF8.GetString(thin.Body.Span), StringComparison.Ordinal);
        Assert.True(thin.Body.Length < rules.Render(change, TestCatalogue.Host).Body.Length);
    }

    [NpmFact]
    public async Task Ajv_compiles_every_schema_strictly_and_finds_every_example_valid()
    {
        using var npm = new Npm();
        await npm.InstallAsync("ajv@8.17.1", "ajv-formats@3.0.1");
        var entries = new JsonArray([.. Catalogue.All.Select(entry => new JsonObject
        {
            ["name"] = $"{entry.Dialect} {entry.Event.Name}",
            ["schema"] = entry.Schema.DeepClone(),
            ["body"] = JsonNode.Parse(entry.Example.Body),
        })]);
        const string Script = """
            import { readFileSync } from 'node:fs';
            import Ajv from 'ajv/dist/2020.js';
            import formats from 'ajv-formats';
            let checked = 0;
            for (const { name, schema, body } of JSON.parse(readFileSync(0, 'utf8'))) {
              const ajv = new Ajv.default({ strict: true, strictTypes: false, allErrors: true });
              formats.default(ajv);
              const validate = ajv.compile(schema);
              if (!validate(body)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}`);
              checked++;
            }
            console.log(checked);
            """;
        Assert.Equal(Catalogue.All.Count.ToString(CultureInfo.InvariantCulture), await npm.RunAsync(Script, entries.ToJsonString()));
    }

    [Fact]
    public void Names_and_forms_are_unique_in_each_dialect() =>
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(entry => (entry.Dialect, entry.Event.Name, entry.Event.Form)).Distinct().Count());

    [Fact]
    public void Every_kind_of_change_has_an_example_of_its_own()
    {
        var kinds = Enum.GetValues<ChangeKind>();
        Assert.Equal(kinds, kinds.Select(kind => ExampleChanges.Of(kind).Kind));
        Assert.Equal(kinds.Length, kinds.Select(kind => ExampleChanges.Of(kind).Id).Distinct().Count());
    }
}
