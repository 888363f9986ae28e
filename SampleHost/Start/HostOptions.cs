using System.Globalization;
using System.Net;

namespace SampleHost;

/// <summary>The host's settings, read once at start from the keys below <c>Host:</c>.</summary>
/// <param name="DataDirectory">Absolute path of the folder for databases, keys and, by default, uploaded files. Key <c>Host:DataDirectory</c>, default <c>App_Data</c> in the content root.</param>
/// <param name="PluginsDirectory">Absolute path of the folder with one folder per plugin. Key <c>Host:PluginsDirectory</c>, default <c>plugins</c> in the content root.</param>
/// <param name="SiteTitle">Key <c>Host:SiteTitle</c>, default <c>Sample DAM</c>.</param>
/// <param name="BaseUri">Key <c>Host:BaseUri</c>; null means the first address the server listens on.</param>
/// <param name="Demo">Key <c>Host:Demo</c>; the default is true in Development and false everywhere else. In Production it is always false: the demo's passwords are published.</param>
/// <param name="OtlpEndpoint">
/// Where metrics and spans are sent by OTLP. Key <c>Host:OtlpEndpoint</c>, else <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; null, the default, sends nothing and measures nothing.
/// </param>
internal sealed record HostOptions(string DataDirectory, string PluginsDirectory, string SiteTitle, Uri? BaseUri, bool Demo, Uri? OtlpEndpoint)
{
    /// <summary>Language of texts when a user's own is not to be had.</summary>
    public const string DefaultLanguage = "en";

    /// <summary>
    /// How long changes and the keys of presses are kept; zero for ever. Key <c>Host:ChangeLog:RetainDays</c>, a whole number from 0 (for ever) to 36500, default 365.
    /// </summary>
    public TimeSpan ChangeLogRetain { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How many changes are kept at most; 0, the default, for any number. Key <c>Host:ChangeLog:MaxChanges</c>.</summary>
    public long ChangeLogMost { get; init; }

    /// <summary>
    /// Absolute path of the folder for uploaded files, which hosts that share a database share too. Key <c>Host:FilesDirectory</c>, default <c>files</c> in the data directory.
    /// </summary>
    public string FilesDirectory { get => field ?? Path.Combine(DataDirectory, "files"); init; }

    /// <summary>
    /// The reverse proxies that are believed what they say of a request: whose it is, and by which scheme and name it came. Key <c>Host:TrustedProxies</c>, addresses and
    /// networks with commas between them; by default none is.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Where the host's tables are when they are in PostgreSQL, as Npgsql reads it; null for SQLite in the data directory. Keys <c>Host:Storage:Provider</c>, <c>sqlite</c>
    /// (default) or <c>postgres</c>, and <c>Host:Storage:ConnectionString</c>; the password may stand apart in <c>Host:Storage:Password</c>.
    /// </summary>
    public string? PostgresConnection { get; init; }

    /// <summary>
    /// Whether the code of plugins that were replaced or removed stays in memory until the host ends. Key <c>Host:KeepPluginCode</c>, default false. True takes memory with
    /// each replacement and rules out what the .NET 10 runtime may do wrong while it frees code.
    /// </summary>
    public bool KeepPluginCode { get; init; }

    /// <exception cref="InvalidOperationException">A key has a value that cannot be used; the message names key, value and remedy.</exception>
    public static HostOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var dataDirectory = Directory(configuration, "Host:DataDirectory", environment, "App_Data");
        return new HostOptions(
            dataDirectory,
            Directory(configuration, "Host:PluginsDirectory", environment, "plugins"),
            Text(configuration, "Host:SiteTitle") ?? "Sample DAM",
            ReadBaseUri(configuration),
            ReadDemo(configuration, environment),
            ReadOtlpEndpoint(configuration))
        {
            ChangeLogRetain = TimeSpan.FromDays(Number(configuration, "Host:ChangeLog:RetainDays", 365, 36_500)),
            FilesDirectory = Directory(configuration, "Host:FilesDirectory", environment, Path.Combine(dataDirectory, "files")),
            TrustedProxies = ReadTrustedProxies(configuration),
            PostgresConnection = ReadPostgresConnection(configuration),
            ChangeLogMost = Number(configuration, "Host:ChangeLog:MaxChanges", 0, long.MaxValue),
            KeepPluginCode = Flag(configuration, "Host:KeepPluginCode") ?? false,
        };
    }

    private static long Number(IConfiguration configuration, string key, long fallback, long highest)
    {
        if (Text(configuration, key) is not { } text)
            return fallback;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= highest
            ? number
            : throw new InvalidOperationException($"{key} is '{text}'. Give a whole number from 0 to {highest.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static string? Text(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static string Directory(IConfiguration configuration, string key, IHostEnvironment environment, string fallback) =>
        Path.GetFullPath(Text(configuration, key) ?? fallback, Path.GetFullPath(environment.ContentRootPath));

    private static Uri? ReadBaseUri(IConfiguration configuration)
    {
        if (Text(configuration, "Host:BaseUri") is not { } text)
            return null;
        if (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0)
            return uri;
        throw new InvalidOperationException($"Host:BaseUri is '{text}'. Give an absolute http or https address without query, such as https://dam.example.org.");
    }

    private static Uri? ReadOtlpEndpoint(IConfiguration configuration)
    {
        var key = Text(configuration, "Host:OtlpEndpoint") is null ? "OTEL_EXPORTER_OTLP_ENDPOINT" : "Host:OtlpEndpoint";
        if (Text(configuration, key) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0)
            return uri;
        throw new InvalidOperationException($"{key} is '{text}'. Give the collector's http or https address without a signal's path, such as http://127.0.0.1:4318.");
    }

    private static List<IPNetwork> ReadTrustedProxies(IConfiguration configuration)
    {
        const string Key = "Host:TrustedProxies";
        var proxies = new List<IPNetwork>();
        foreach (var text in (Text(configuration, Key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(text, out var address))
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else
                throw new InvalidOperationException($"{Key} has '{text}'. Give addresses and networks with commas between them, such as 127.0.0.1, 10.1.0.0/16.");
        }

        return proxies;
    }

    private static string? ReadPostgresConnection(IConfiguration configuration)
    {
        var (provider, connection) = (Text(configuration, "Host:Storage:Provider") ?? "sqlite", Text(configuration, "Host:Storage:ConnectionString"));
        if (provider.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
            return null;
        if (!provider.Equals("postgres", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"Host:Storage:Provider is '{provider}'. Set it to 'sqlite' or 'postgres'.");
        try
        {
            var settings = new Npgsql.NpgsqlConnectionStringBuilder(connection);
            settings.Password = Text(configuration, "Host:Storage:Password") ?? settings.Password;
            return settings.Host is { Length: > 0 }
                ? settings.ConnectionString
                : throw new InvalidOperationException("Host:Storage:ConnectionString names no server. Give one such as 'Host=db.example.org;Database=dam;Username=dam;Password=...'.");
        }
        catch (ArgumentException exception)
        {
            // The value holds a password: it is not repeated.
            throw new InvalidOperationException(
                $"Host:Storage:ConnectionString cannot be read ({exception.Message}) Give one such as 'Host=db.example.org;Database=dam;Username=dam;Password=...'.", exception);
        }
    }

    // Wished for or not, nobody signs in to a host in Production with a password that is published.
    private static bool ReadDemo(IConfiguration configuration, IHostEnvironment environment) =>
        Flag(configuration, "Host:Demo") is { } demo ? demo && !environment.IsProduction() : environment.IsDevelopment();

    private static bool? Flag(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text)
            return null;
        return bool.TryParse(text, out var flag) ? flag : throw new InvalidOperationException($"{key} is '{text}'. Set it to true or false.");
    }
}
