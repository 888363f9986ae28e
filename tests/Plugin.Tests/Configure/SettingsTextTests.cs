using System.Text;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Configure;

/// <summary>Bad configurations: every fault at once, each with its place, its line and what to do.</summary>
public sealed class SettingsTextTests
{
    private static readonly ReadingContext Context = new([new PlainDialect()], new Uri("http://127.0.0.1:5080/"), IsDevelopment: true);

    [Fact]
    public void A_text_that_is_no_JSON_is_told_with_its_line()
    {
        var fault = Assert.Single(Read("{\n  \"buttons\": [\n    { \"url\" \"x\" }\n  ]\n}").Faults);
        Assert.Equal("config.json", fault.Place);
        Assert.Contains("not JSON: line 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_empty_or_in_another_encoding_is_told_so()
    {
        Assert.Contains("empty", Assert.Single(Read(" \n").Faults).Message, StringComparison.Ordinal);
        var utf16 = new byte[] { 0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0 };
        Assert.Equal("Save it as UTF-8.", Assert.Single(SettingsText.Read(utf16, Context).Faults).Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{ \"buttons\": [")]
    [InlineData("<xml/>")]
    public void Whatever_is_no_object_is_refused(string text) => Assert.Null(Read(text).Settings);

    [Fact]
    public void The_key_of_a_hooks_receiver_and_the_days_of_failing_are_read()
    {
        var settings = Read("""
            {
              "hooks": [{ "label": "A", "dialect": "plain", "url": "https://example.org/", "apiKeyName": "cms-sync", "sendOwnChanges": true }],
              "delivery": { "disableAfterDays": 0 }
            }
            """).Settings!;
        Assert.Equal(("cms-sync", true), (settings.Hooks[0].ApiKeyName, settings.Hooks[0].SendOwnChanges));
        Assert.Equal(TimeSpan.Zero, settings.Delivery.DisableAfter);
    }

    [Theory]
    [InlineData("v1", nameof(HookSigning.V1))]
    [InlineData("V1A", nameof(HookSigning.V1a))]
    [InlineData("both", nameof(HookSigning.Both))]
    public void What_signs_is_read(string written, string expected)
    {
        var reading = Read($$"""{ "hooks": [{ "label": "A", "dialect": "plain", "url": "https://example.org/", "signing": "{{written}}" }], "delivery": { "secretOverlapHours": 1 } }""");
        Assert.Empty(reading.Faults);
        Assert.Equal(expected, reading.Settings!.Hooks[0].Signing.ToString());
        Assert.Equal(TimeSpan.FromHours(1), reading.Settings.Delivery.SecretOverlap);
    }

    [Fact]
    public void Ed25519_is_refused_where_the_machine_does_not_offer_it_and_a_secret_beside_it_is_warned_of()
    {
        const string Text = """{ "hooks": [{ "label": "A", "dialect": "plain", "url": "https://a/", "signing": "v1a", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }] }""";
        var reading = SettingsText.Read(Encoding.UTF8.GetBytes(Text), Context with { OffersEd25519 = false });
        Assert.Null(reading.Settings);
        Assert.Contains(reading.Faults, fault => fault.Place == "hooks[0].signing" && fault.Remedy.Contains("OpenSSL 3", StringComparison.Ordinal));
        var unused = Assert.Single(Read(Text).Faults);
        Assert.Equal((FaultSeverity.Warning, "hooks[0].secret"), (unused.Severity, unused.Place));
    }

    [Fact]
    public void The_order_and_the_rate_of_a_hook_are_read()
    {
        var hooks = Read("""
            { "hooks": [
              { "label": "A", "dialect": "plain", "url": "https://a/", "order": "Record", "ratePerSecond": 0.5 },
              { "label": "B", "dialect": "plain", "url": "https://b/", "ratePerSecond": 20, "rateBurst": 3 },
              { "label": "C", "dialect": "plain", "url": "https://c/" } ] }
            """).Settings!.Hooks;
        Assert.Equal([DeliveryOrder.Record, DeliveryOrder.None, DeliveryOrder.None], hooks.Select(hook => hook.Order));
        Assert.Equal([new RateLimit(0.5, 1), new RateLimit(20, 3), null], hooks.Select(hook => hook.Rate));
    }

    [Theory]
    [InlineData("\"order\": \"fifo\"", "order", "Write one of: none, record, strict.")]
    [InlineData("\"ratePerSecond\": 0", "ratePerSecond", "Write a number from 0.001 to 10000.")]
    [InlineData("\"ratePerSecond\": \"fast\"", "ratePerSecond", "Write a number from 0.001 to 10000.")]
    [InlineData("\"ratePerSecond\": 1, \"rateBurst\": 0", "rateBurst", "Write a whole number from 1 to 10000.")]
    [InlineData("\"rateBurst\": 5", "rateBurst", "Add \"ratePerSecond\", or remove rateBurst.")]
    public void Faults_in_order_and_rate_are_told_with_a_remedy(string text, string key, string remedy)
    {
        var reading = Read($$"""{ "hooks": [{ "label": "A", "dialect": "plain", "url": "https://a/", {{text}} }] }""");
        var fault = Assert.Single(reading.Faults);
        Assert.Equal(($"hooks[0].{key}", remedy), (fault.Place, fault.Remedy));
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_allowed()
    {
        var reading = Read("\uFEFF{ // a comment\n \"buttons\": [ /* none */ ], }");
        Assert.Empty(reading.Faults);
        Assert.NotNull(reading.Settings);
    }

    [Fact]
    public void Keys_that_stand_twice_are_all_told_with_both_lines()
    {
        var reading = Read("{\n\"hooks\": [{ \"label\": \"a\",\n \"Label\": \"b\" }],\n\"network\": {},\n\"hooks\": [] }");
        Assert.Equal(["hooks[0].Label", "hooks"], reading.Faults.Select(fault => fault.Place));
        Assert.Contains("on line 2 and on line 3", reading.Faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("on line 2 and on line 5", reading.Faults[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_found_at_once_and_the_whole_is_refused()
    {
        var reading = Read("""
            {
              "butons": [],
              "buttons": [
                { "buttontext": "Good", "url": "http://cms/?id=" },
                { "buttontext": "Bad", "url": "ftp://cms/", "timeoutSeconds": 0, "hedaers": {}, "body": "xml",
                  "headers": { "Bad Name": "x", "Host": "y", "X-Token": "line\nbreak" }, "secret": "geheim" },
                { "url": "http://cms/#frag" },
                { "key": "k!", "buttontext": "x", "url": "cms" }
              ],
              "hooks": [
                { "label": "Good", "dialect": "plain", "url": "https://example.org/" },
                { "label": "Good", "dialect": "plian", "url": "https://example.org/" },
                { "dialect": "plain", "url": "http:///nothing", "enabled": "perhaps", "schedule": ["5s", "soon"], "topic": 1, "tpoic": 1 },
                "text"
              ],
              "delivery": { "concurrency": 0, "jitterPercent": "many", "schedule": "5s" },
              "network": { "allow": ["cms.internal:8080", "cms.internal", "10.0.0.0/99"] },
              "ckan": { "minimumAuth": "owner" },
              "storage": "here"
            }
            """);
        Assert.Null(reading.Settings);
        Assert.Equal(
            [
                "butons",
                "buttons[1].hedaers", "buttons[1].timeoutSeconds", "buttons[1].url", "buttons[1].body",
                "buttons[1].headers.Bad Name", "buttons[1].headers.Host", "buttons[1].headers.X-Token", "buttons[1].secret",
                "buttons[2].buttontext", "buttons[2].url",
                "buttons[3].key", "buttons[3].url",
                "hooks[1].dialect", "hooks[1].label",
                "hooks[2].label", "hooks[2].tpoic", "hooks[2].url", "hooks[2].enabled", "hooks[2].schedule[1]",
                "hooks[3]",
                "delivery.schedule", "delivery.jitterPercent", "delivery.concurrency",
                "network.allow[1]", "network.allow[2]",
                "ckan.minimumAuth",
                "storage",
            ],
            reading.Faults.Select(fault => fault.Place));
        Assert.All(reading.Faults, fault =>
        {
            Assert.Matches(@"\(line \d+\)$", fault.Message);
            Assert.NotEmpty(fault.Remedy);
        });
        Assert.Contains("Did you mean \"buttons\"?", Fault(reading, "butons").Remedy, StringComparison.Ordinal);
        Assert.Contains("Did you mean \"topic\"?", Fault(reading, "hooks[2].tpoic").Remedy, StringComparison.Ordinal);
        Assert.Contains("(line 5)", Fault(reading, "buttons[1].url").Message, StringComparison.Ordinal);
        Assert.Contains("\"ftp\"", Fault(reading, "buttons[1].url").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_fault_shows_a_secret()
    {
        var reading = Read("""
            {
              "buttons": [{ "buttontext": "x", "url": "ftp://user:passw0rd@cms/", "secret": "passw0rd", "headers": { "A": "passw0rd\n" } }],
              "hooks": [{ "label": "x", "dialect": "plain", "url": "://user:passw0rd@cms", "secret": "passw0rd" }]
            }
            """);
        Assert.Equal(5, reading.Faults.Count);
        Assert.All(reading.Faults, fault => Assert.DoesNotContain("passw0rd", fault.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_print_no_secret()
    {
        var settings = Read("""
            {
              "buttons": [{ "buttontext": "x", "url": "http://cms/", "secret": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "headers": { "A": "passw0rd" } }]
            }
            """).Settings!;
        Assert.DoesNotContain("MDEy", settings.Buttons[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", string.Join(' ', settings.Buttons[0].Headers), StringComparison.Ordinal);
    }

    [Fact]
    public void Three_keys_make_a_button_and_the_rest_has_its_default()
    {
        var button = Assert.Single(Good("""{ "buttons": [{ "location": "edit", "buttontext": "Push image to CMS", "url": "https://cms/?id=" }] }""").Buttons);
        Assert.Equal("push-image-to-cms", button.Key);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(300), ButtonBody.Id), (button.Timeout, button.GiveUp, button.Body));
        Assert.Null(button.Secret);
    }

    [Fact]
    public void A_button_for_a_place_that_is_not_known_is_warned_of_and_the_rest_stands()
    {
        var reading = Read("""{ "buttons": [{ "location": "view", "buttontext": "x", "url": "https://cms/?id=" }] }""");
        Assert.Equal(FaultSeverity.Warning, Assert.Single(reading.Faults).Severity);
        Assert.Equal("view", Assert.Single(reading.Settings!.Buttons).Location);
    }

    [Fact]
    public void Keys_of_buttons_do_not_depend_on_their_order()
    {
        var first = Good("""{ "buttons": [{ "buttontext": "Push", "url": "https://a/" }, { "buttontext": "Push", "url": "https://b/" }] }""").Buttons;
        var turned = Good("""{ "buttons": [{ "buttontext": "Push", "url": "https://b/" }, { "buttontext": "Push", "url": "https://a/" }] }""").Buttons;
        Assert.Equal(2, first.Select(button => button.Key).Distinct().Count());
        Assert.All(first, button => Assert.StartsWith("push-", button.Key, StringComparison.Ordinal));
        Assert.Equal(first.OrderBy(b => b.Url).Select(b => b.Key), turned.OrderBy(b => b.Url).Select(b => b.Key));
        var same = Good("""{ "buttons": [{ "buttontext": "~fr:Été~en:Été !", "url": "https://a/" }, { "buttontext": "推", "url": "https://a/" }, { "buttontext": "推", "url": "https://a/" }] }""").Buttons;
        Assert.Equal("ete", same[0].Key);
        Assert.Equal(3, same.Select(button => button.Key).Distinct().Count());
        Assert.All(same, button => Assert.True(StableKey.IsValid(button.Key), button.Key));
    }

    [Fact]
    public void Two_buttons_with_one_key_are_refused() =>
        Assert.Equal("buttons[1].key", Assert.Single(Read(
            """{ "buttons": [{ "key": "k", "buttontext": "a", "url": "https://a/" }, { "key": "k", "buttontext": "b", "url": "https://b/" }] }""").Faults).Place);

    [Fact]
    public void Placeholders_of_the_base_address_are_filled_in()
    {
        var settings = Good("""
            { "buttons": [{ "buttontext": "x", "url": "{baseUri}/cms?id=" }], "hooks": [{ "label": "h", "dialect": "plain", "url": "{baseUri}/r" }],
              "network": { "allow": ["{baseUri}"] } }
            """);
        Assert.Equal("http://127.0.0.1:5080/cms?id=", settings.Buttons[0].Url);
        Assert.Equal("http://127.0.0.1:5080/r", settings.Hooks[0].Url);
        Assert.Equal("127.0.0.1:5080", settings.Network.Allow[0].ToString());
    }

    [Fact]
    public void A_placeholder_that_is_not_known_is_warned_of()
    {
        var fault = Assert.Single(Read("""{ "buttons": [{ "buttontext": "x", "url": "http://cms/{ref}" }] }""").Faults).Message;
        Assert.Contains("{ref}", fault, StringComparison.Ordinal);
        Assert.Contains("is sent as %7Bref%7D", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_secret_is_warned_of_outside_Development()
    {
        var text = """{ "hooks": [{ "label": "h", "dialect": "plain", "url": "https://a/", "secret": "whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ==" }] }""";
        Assert.Empty(Read(text).Faults);
        var reading = SettingsText.Read(Encoding.UTF8.GetBytes(text), Context with { IsDevelopment = false });
        Assert.Equal((FaultSeverity.Warning, "hooks[0].secret"), (reading.Faults[0].Severity, reading.Faults[0].Place));
        Assert.NotNull(reading.Settings);
    }

    [Theory]
    [InlineData("5", 5000)]
    [InlineData("0.25", 250)]
    [InlineData("250ms", 250)]
    [InlineData("5s", 5000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("00:05:00", 300_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("-5s", null)]
    [InlineData("-00:05:00", null)]
    [InlineData("s", null)]
    [InlineData("5 apples", null)]
    [InlineData("1e9", null)]
    [InlineData("9999d", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    public void Time_spans_are_read_as_people_write_them(string text, int? milliseconds)
    {
        Assert.Equal(milliseconds is not null, SpanText.TryParse(text, out var span));
        Assert.Equal(milliseconds ?? 0, span.TotalMilliseconds);
    }

    private static SettingsReading Read(string text) => SettingsText.Read(Encoding.UTF8.GetBytes(text), Context);

    private static PluginSettings Good(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Faults);
        return reading.Settings!;
    }

    private static PluginFault Fault(SettingsReading reading, string place) => reading.Faults.Single(fault => fault.Place == place);

    private sealed class PlainDialect : IDialect
    {
        public string Name => "plain";

        public IReadOnlyList<Option> Options => [new("topic", OptionKind.Text)];

        public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults) => new Rules();

        private sealed class Rules : DialectRules
        {
            public override string RenderingKey => "plain";

            public override bool Wants(Change change) => true;

            public override Rendering Render(Change change, IHostInformation host) => new("text/plain", default);
        }
    }
}
