namespace Plugin.ApiWebhooks.Configure;

/// <summary>The keys at the top of config.json.</summary>
internal static class TopOptions
{
    // Editors look up the schema under this key; it means nothing to the plugin.
    public static readonly Option Schema = new("$schema", OptionKind.Text);
    public static readonly Option Buttons = new("buttons", OptionKind.Objects) { Max = 100 };
    public static readonly Option Hooks = new("hooks", OptionKind.Objects) { Max = 10_000 };
    public static readonly Option Delivery = new("delivery", OptionKind.Object);
    public static readonly Option Network = new("network", OptionKind.Object);
    public static readonly Option Storage = new("storage", OptionKind.Object);
    public static readonly Option Ckan = new("ckan", OptionKind.Object);

    public static IReadOnlyList<Option> All { get; } = [Schema, Buttons, Hooks, Delivery, Network, Storage, Ckan];
}

/// <summary>The keys of an entry of <c>buttons[]</c>. The first three suffice, as in ResourceSpace's api_webhooks.</summary>
internal static class ButtonOptions
{
    public static readonly Option Location = new("location", OptionKind.Choice) { Default = "\"edit\"", Choices = ["edit"] };
    public static readonly Option Text = new("buttontext", OptionKind.Text) { Required = true, Max = 1000 };
    public static readonly Option Url = new("url", OptionKind.Text) { Required = true, Max = 4000 };
    public static readonly Option Key = new("key", OptionKind.Text) { Max = 64 };
    public static readonly Option Body = new("body", OptionKind.Choice) { Default = "\"id\"", Choices = ["id", "json"] };
    public static readonly Option Timeout = new("timeoutSeconds", OptionKind.Seconds) { Default = "10", Min = 0.1, Max = 300 };
    public static readonly Option GiveUp = new("giveUpSeconds", OptionKind.Seconds) { Default = "300", Min = 1, Max = 3600 };
    public static readonly Option Headers = new("headers", OptionKind.Map) { Default = "{}", Max = 50 };
    public static readonly Option Secret = new("secret", OptionKind.Text) { Secret = true, Max = 200 };
    public static readonly Option Roles = new("roles", OptionKind.Texts) { Default = "[]", Max = 50 };
    public static readonly Option Types = new("types", OptionKind.Texts) { Default = "[]", Max = 500 };
    public static readonly Option Confirm = new("confirm", OptionKind.Text) { Max = 1000 };

    public static IReadOnlyList<Option> All { get; } =
        [Location, Text, Url, Key, Body, Timeout, GiveUp, Headers, Secret, Roles, Types, Confirm];
}

/// <summary>The keys of an entry of <c>hooks[]</c> that every dialect has; a dialect adds its own.</summary>
internal static class HookOptions
{
    public static readonly Option Label = new("label", OptionKind.Text) { Required = true, Max = 200 };
    public static readonly Option Dialect = new("dialect", OptionKind.Text) { Default = "\"standard\"", Max = 64 };
    // As docuteam's form calls it.
    public static readonly Option Url = new("url", OptionKind.Text) { Required = true, Max = 4000, Aliases = ["Target URL", "targetUrl"] };
    public static readonly Option Key = new("key", OptionKind.Text) { Max = 64 };
    public static readonly Option Enabled = new("enabled", OptionKind.Flag) { Default = "true" };
    public static readonly Option Secret = new("secret", OptionKind.Text) { Secret = true, Max = 200 };
    public static readonly Option Signing = new("signing", OptionKind.Choice) { Default = "\"v1\"", Choices = ["v1", "v1a", "both"] };
    public static readonly Option Headers = new("headers", OptionKind.Map) { Default = "{}", Max = 50 };
    public static readonly Option Timeout = new("timeoutSeconds", OptionKind.Seconds) { Min = 0.1, Max = 300 };
    public static readonly Option Schedule = new("schedule", OptionKind.Spans) { Max = 100 };
    public static readonly Option Proxy = new("proxy", OptionKind.Text) { Secret = true, Max = 1000 };
    public static readonly Option CaFile = new("caFile", OptionKind.Text) { Max = 1000 };
    public static readonly Option ClientCertificateFile = new("clientCertificateFile", OptionKind.Text) { Max = 1000 };
    public static readonly Option ClientCertificateKeyFile = new("clientCertificateKeyFile", OptionKind.Text) { Max = 1000 };
    public static readonly Option ClientCertificatePassword = new("clientCertificatePassword", OptionKind.Text) { Secret = true, Max = 1000 };
    public static readonly Option StartFrom = new("startFrom", OptionKind.Text) { Default = "\"now\"", Max = 40 };
    public static readonly Option Order = new("order", OptionKind.Choice) { Default = "\"none\"", Choices = ["none", "record", "strict"] };
    public static readonly Option RatePerSecond = new("ratePerSecond", OptionKind.Decimal) { Min = 0.001, Max = 10_000 };
    public static readonly Option RateBurst = new("rateBurst", OptionKind.Number) { Min = 1, Max = 10_000 };
    public static readonly Option ApiKeyName = new("apiKeyName", OptionKind.Text) { Max = 200 };
    public static readonly Option SendOwnChanges = new("sendOwnChanges", OptionKind.Flag) { Default = "false" };
    public static readonly Option Filter = new("filter", OptionKind.Object) { Fields = FilterOptions.All };
    public static readonly Option Payload = new("payload", OptionKind.Choice) { Default = "\"full\"", Choices = ["full", "thin"] };

    public static IReadOnlyList<Option> All { get; } =
    [
        Label, Dialect, Url, Key, Enabled, Secret, Signing, Headers, Timeout, Schedule, Order, RatePerSecond, RateBurst, StartFrom, ApiKeyName, SendOwnChanges,
        Filter, Payload,
        Proxy, CaFile, ClientCertificateFile, ClientCertificateKeyFile, ClientCertificatePassword,
    ];
}

/// <summary>The keys of a hook's <c>filter{}</c>.</summary>
internal static class FilterOptions
{
    public static readonly Option Types = new("types", OptionKind.Texts) { Default = "[]", Max = 500 };
    public static readonly Option Collections = new("collections", OptionKind.Texts) { Default = "[]", Max = 500 };
    public static readonly Option Fields = new("fields", OptionKind.Objects) { Default = "[]", Max = 100, Fields = FieldFilterOptions.All };

    public static IReadOnlyList<Option> All { get; } = [Types, Collections, Fields];
}

/// <summary>The keys of an entry of a filter's <c>fields[]</c>.</summary>
internal static class FieldFilterOptions
{
    public static readonly Option Name = new("name", OptionKind.Text) { Required = true, Max = 200 };
    public static readonly Option From = new("from", OptionKind.Texts) { Default = "[]", Max = 100 };
    public static readonly Option To = new("to", OptionKind.Texts) { Default = "[]", Max = 100 };

    public static IReadOnlyList<Option> All { get; } = [Name, From, To];
}

/// <summary>The keys of <c>delivery{}</c>.</summary>
internal static class DeliveryOptions
{
    public static readonly Option Schedule = new("schedule", OptionKind.Spans)
    {
        Default = """["0s","5s","5m","30m","2h","5h","10h","14h","20h","24h"]""",
        Max = 100,
    };

    public static readonly Option JitterPercent = new("jitterPercent", OptionKind.Number) { Default = "20", Max = 100 };
    public static readonly Option Timeout = new("timeoutSeconds", OptionKind.Seconds) { Default = "15", Min = 0.1, Max = 300 };
    public static readonly Option Concurrency = new("concurrency", OptionKind.Number) { Default = "64", Min = 1, Max = 1024 };
    public static readonly Option ConcurrencyPerHook = new("perHookConcurrency", OptionKind.Number) { Default = "16", Min = 1, Max = 1024 };

    public static readonly Option DisableAfter = new("disableAfterDays", OptionKind.Number) { Default = "5", Max = 365 };
    public static readonly Option SecretOverlap = new("secretOverlapHours", OptionKind.Number) { Default = "24", Max = 8760 };
    public static readonly Option Gather = new("gatherMilliseconds", OptionKind.Number) { Default = "20", Max = 1000 };
    public static readonly Option MostMessageKilobytes = new("maxMessageKilobytes", OptionKind.Number) { Default = "1024", Min = 1, Max = 65_536 };

    public static IReadOnlyList<Option> All { get; } =
        [Schedule, JitterPercent, Timeout, Concurrency, ConcurrencyPerHook, DisableAfter, Gather, MostMessageKilobytes, SecretOverlap];
}

/// <summary>The keys of <c>network{}</c>.</summary>
internal static class NetworkOptions
{
    public static readonly Option Allow = new("allow", OptionKind.Texts) { Default = "[]", Max = 1000 };

    public static readonly Option Proxy = new("proxy", OptionKind.Text) { Secret = true, Max = 1000 };
    public static readonly Option ProxyBypass = new("proxyBypass", OptionKind.Texts) { Default = "[]", Max = 1000 };

    public static IReadOnlyList<Option> All { get; } = [Allow, Proxy, ProxyBypass];
}

/// <summary>The keys of <c>storage{}</c>.</summary>
internal static class StorageOptions
{
    public static readonly Option Provider = new("provider", OptionKind.Choice) { Choices = ["sqlite", "postgres"] };
    public static readonly Option ConnectionString = new("connectionString", OptionKind.Text) { Secret = true, Max = 4000 };
    public static readonly Option File = new("file", OptionKind.Text) { Default = "\"webhooks.db\"", Max = 1000 };

    public static readonly Option RetainDays = new("retainDays", OptionKind.Number) { Default = "30", Max = 3650 };
    public static readonly Option MostMegabytes = new("maxMegabytes", OptionKind.Number) { Default = "10240", Max = 1_048_576 };

    public static IReadOnlyList<Option> All { get; } = [Provider, ConnectionString, File, RetainDays, MostMegabytes];
}

/// <summary>The keys of <c>ckan{}</c>.</summary>
internal static class CkanOptions
{
    public static readonly Option MinimumAuth = new("minimumAuth", OptionKind.Choice)
    {
        Default = "\"none\"",
        Choices = ["none", "editor", "admin", "sysadmin"],
    };

    public static IReadOnlyList<Option> All { get; } = [MinimumAuth];
}
