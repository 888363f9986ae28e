using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.ApiWebhooks.Dialects.Standard;

using Plugin.Tests.Catalogue;

namespace Plugin.Tests.Configure;

/// <summary>config.schema.json and config.example.json say what the option tables say, and the settings' defaults are theirs.</summary>
public sealed class OptionTableTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Repository.File("Plugin.ApiWebhooks", "config.schema.json")))!;
    private static readonly string ExampleText = File.ReadAllText(Repository.File("config.example.json"));
    private static readonly JsonNode Example = JsonNode.Parse(ExampleText, null, Lenient)!;

    public static TheoryData<string> Parts => new(Tables.Keys);

    private static IReadOnlyList<IDialect> Dialects => TestCatalogue.Dialects;

    private static Dictionary<string, IReadOnlyList<Option>> Tables => new()
    {
        [""] = TopOptions.All,
        ["button"] = ButtonOptions.All,
        ["hook"] = [.. HookOptions.All.Concat(Dialects.SelectMany(dialect => dialect.Options)).DistinctBy(option => option.Key)],
        ["additionalMetadata"] = AdditionalMetadataReader.Options,
        ["filter"] = FilterOptions.All,
        ["filterField"] = FieldFilterOptions.All,
        ["delivery"] = DeliveryOptions.All,
        ["network"] = NetworkOptions.All,
        ["storage"] = StorageOptions.All,
        ["ckan"] = CkanOptions.All,
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_schema_has_every_key_with_its_default_and_range(string part)
    {
        var definition = part.Length == 0 ? Schema : Schema["$defs"]![part]!;
        var keys = Tables[part];
        Assert.False(definition["additionalProperties"]!.GetValue<bool>());
        // What one dialect requires is required under a condition.
        Assert.Equal(
            keys.Where(option => option.Required && !(part == "hook" && Dialects.Any(dialect => dialect.Options.Contains(option)))).Select(option => option.Key).Order(),
            (definition["required"] as JsonArray ?? []).Select(each => each!.GetValue<string>()).Order());
        var properties = definition["properties"]!.AsObject();
        Assert.Equal(keys.Select(option => option.Key).Order(), properties.Select(property => property.Key).Order());
        foreach (var option in keys)
            Check(option, properties[option.Key]!);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_example_shows_every_key_with_a_comment_and_its_default(string part)
    {
        JsonNode[] shown = part switch
        {
            "" => [Example],
            "filter" => [.. Example["hooks"]!.AsArray().Select(hook => hook!["filter"]).OfType<JsonNode>()],
            "filterField" => [],
            "button" or "hook" => [.. Example[part + "s"]!.AsArray().Select(each => each!)],
            "additionalMetadata" => [.. Example["hooks"]!.AsArray().SelectMany(hook => hook![part]?.AsArray() ?? []).Select(each => each!)],
            _ => [Example[part]!],
        };
        foreach (var option in Tables[part])
        {
            var values = shown.Select(each => each[option.Key]).OfType<JsonNode>().ToArray();
            if (values.Length == 0)
                Assert.Matches($"(?m)^ *// \"{option.Key}\":", ExampleText);
            // What the demo needs otherwise than it is by default.
            else if (option.Default is not null && option.Key is not ("allow" or "additionalMetadata" or "includePreviousValues"))
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(option.Default), values[0]), $"{part}.{option.Key} is {values[0]}, its default {option.Default}.");
        }
    }

    [Fact]
    public void Each_key_of_the_example_has_a_comment_before_it()
    {
        var lines = ExampleText.Split('\n');
        foreach (var option in Tables.Where(table => table.Key.Length > 0).SelectMany(table => table.Value))
        {
            var at = Array.FindIndex(lines, line => line.TrimStart().TrimStart('/').TrimStart().StartsWith($"\"{option.Key}\":", StringComparison.Ordinal));
            Assert.StartsWith("//", lines[at - 1].Trim(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_schema_names_every_dialect_and_every_event_type()
    {
        var hook = Schema["$defs"]!["hook"]!["properties"]!;
        Assert.Equal(Dialects.Select(dialect => dialect.Name), hook["dialect"]!["enum"]!.AsArray().Select(each => each!.GetValue<string>()));
        var events = hook["events"]!["items"]!["enum"]!.AsArray().Select(each => each!.GetValue<string>()).ToArray();
        Assert.Empty(StandardEvents.All.Concat(StandardEvents.Notices).Except(events));
        Assert.All(events, pattern => Assert.True(StandardEvents.Matching(pattern).Count + StandardEvents.MatchingNotices(pattern).Count > 0, pattern));
    }

    [Fact]
    public async Task The_example_works_as_it_stands()
    {
        using var folder = new TestFolder().With(ExampleText);
        await using var plugin = await TestPlugin.StartAsync(folder);
        Assert.Empty(plugin.Settings.Faults);
        Assert.Equal(["fetch-object-data", "push-image-to-cms"], plugin.Settings.Current.Buttons.Select(button => button.Key));
        Assert.Equal(["demo-receiver", "demo-feeder"], plugin.Settings.Current.Hooks.Select(hook => hook.Key));
        Assert.True(plugin.Settings.Current.Network.Allow[0].Allows("127.0.0.1", 5080, System.Net.IPAddress.Loopback));
    }

    [Fact]
    public void The_defaults_of_the_settings_are_those_of_the_tables()
    {
        var button = new ButtonSettings { Key = "", Text = "", Url = "" };
        Equal(ButtonOptions.Timeout, button.Timeout.TotalSeconds);
        Equal(ButtonOptions.GiveUp, button.GiveUp.TotalSeconds);
        Equal(ButtonOptions.Location, button.Location);
        Equal(ButtonOptions.Body, button.Body.ToString().ToLowerInvariant());
        var delivery = new DeliverySettings();
        Equal(DeliveryOptions.Timeout, delivery.Timeout.TotalSeconds);
        Equal(DeliveryOptions.Concurrency, delivery.Concurrency);
        Equal(DeliveryOptions.ConcurrencyPerHook, delivery.ConcurrencyPerHook);
        Equal(DeliveryOptions.JitterPercent, delivery.JitterPercent);
        Equal(DeliveryOptions.SecretOverlap, delivery.SecretOverlap.TotalHours);
        Equal(DeliveryOptions.MostMessageKilobytes, delivery.MostMessageBytes / 1024);
        Equal(StorageOptions.File, new StorageSettings().File);
        Equal(StorageOptions.RetainDays, new StorageSettings().Retain.TotalDays);
        Equal(StorageOptions.MostMegabytes, new StorageSettings().MostBytes / (1024 * 1024));
        Equal(CkanOptions.MinimumAuth, new CkanSettings().MinimumAuth.ToString().ToLowerInvariant());
        var schedule = JsonNode.Parse(DeliveryOptions.Schedule.Default!)!.AsArray().Select(each =>
        {
            Assert.True(SpanText.TryParse(each!.GetValue<string>(), out var span));
            return span;
        });
        Assert.Equal(schedule, delivery.Schedule);

        static void Equal(Option option, object value) => Assert.Equal(option.Default, JsonSerializer.Serialize(value));
    }

    private static void Check(Option option, JsonNode property)
    {
        var definition = property["$ref"] is { } reference ? Schema["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]! : property;
        Assert.True(definition["description"] is not null, $"{option.Key} has no description.");
        Assert.Equal(TypeOf(option.Kind), definition["type"]!.GetValue<string>());
        Assert.True(
            JsonNode.DeepEquals(option.Default is null ? null : JsonNode.Parse(option.Default), definition["default"]), $"{option.Key}: another default.");
        if (option.Kind is OptionKind.Number or OptionKind.Decimal or OptionKind.Seconds)
        {
            Assert.Equal(option.Min, definition["minimum"]!.GetValue<double>());
            Assert.Equal(option.Max, definition["maximum"]!.GetValue<double>());
        }
        else if (option.Max < double.MaxValue)
        {
            var limit = option.Kind switch { OptionKind.Text => "maxLength", OptionKind.Map => "maxProperties", _ => "maxItems" };
            Assert.Equal(option.Max, definition[limit]!.GetValue<double>());
        }

        if (option.Choices.Count > 0)
            Assert.Equal(option.Choices, definition["enum"]!.AsArray().Select(each => each!.GetValue<string>()));
    }

    private static string TypeOf(OptionKind kind) => kind switch
    {
        OptionKind.Text or OptionKind.Choice => "string",
        OptionKind.Flag => "boolean",
        OptionKind.Number => "integer",
        OptionKind.Seconds or OptionKind.Decimal => "number",
        OptionKind.Texts or OptionKind.Spans or OptionKind.Objects => "array",
        _ => "object",
    };
}
