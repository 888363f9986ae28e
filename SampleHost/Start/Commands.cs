using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace SampleHost.Start;

/// <summary>
/// What the program does besides serving: <c>users add NAME --role ROLE</c>, the password from standard input,
/// <c>keys add NAME --user USER</c>, and <c>health</c>, while the host may run; and <c>storage copy</c>, while it may not.
/// </summary>
internal static class Commands
{
    private const string Usage = """
        Usage: dotnet SampleHost.dll users add NAME --role viewer|editor|admin|sysadmin [--display-name TEXT] [--first-name TEXT] [--last-name TEXT] [--email ADDRESS]
               The password is read from standard input, one line.
           or: dotnet SampleHost.dll keys add NAME --user USER
               The API key acts on behalf of the user. It is the last line of the output, and is not shown again.
           or: dotnet SampleHost.dll health [ADDRESS]
               Asks the host at that address, or else at the one it listens on, whether it is ready. Ends with 0 when it is.
           or: dotnet SampleHost.dll storage copy --from sqlite --to postgres
               Copies what host and plugins keep to the database that Host:Storage:ConnectionString names. The host must not run. Cut off, it goes on when it is run again.
        """;

    private static readonly string[] Flags = ["--role", "--display-name", "--first-name", "--last-name", "--email", "--user"];

    public static bool IsCommand(IReadOnlyList<string> args) => args.Count > 0 && !args[0].StartsWith('-') && !args[0].StartsWith('/') && !args[0].Contains('=', StringComparison.Ordinal);

    /// <returns>The exit code: 0 done, 1 refused, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextReader input, TextWriter output, TextWriter error)
    {
        if (args[0] == "health")
            return await HealthCommand.RunAsync(args.Skip(1).ToList(), output, error);
        if (StorageCommand.IsMeant(args))
            return await StorageCommand.RunAsync(args, output, error);
        if (args is [_, "add", { } name, ..] && !name.StartsWith('-') && TryReadFlags(args.Skip(3).ToList(), out var flags, out var rest))
        {
            if (args[0] == "users" && flags.TryGetValue("--role", out var role))
            {
                var user = new NewUser(name, await ReadPasswordAsync(name, input, error))
                {
                    Roles = [role],
                    DisplayName = flags.GetValueOrDefault("--display-name"),
                    FirstName = flags.GetValueOrDefault("--first-name"),
                    LastName = flags.GetValueOrDefault("--last-name"),
                    Email = flags.GetValueOrDefault("--email"),
                };
                return await AddUserAsync(user, rest, output, error);
            }

            if (args[0] == "keys" && flags.TryGetValue("--user", out var userName))
                return await AddKeyAsync(name, userName, rest, output, error);
        }

        await error.WriteLineAsync(Usage);
        return 2;
    }

    private static async Task<string> ReadPasswordAsync(string name, TextReader input, TextWriter error)
    {
        if (!Console.IsInputRedirected && ReferenceEquals(input, Console.In))
            await error.WriteAsync($"Password for {name}: ");
        return await input.ReadLineAsync() ?? "";
    }

    private static async Task<int> AddUserAsync(NewUser user, List<string> settings, TextWriter output, TextWriter error)
    {
        await using var app = Open(settings);
        // Whoever may run this program on the host's data is the host itself.
        switch (await app.Services.GetRequiredService<Users>().CreateAsync(user, new Actor(Users.HostsOwnName), ChangeOrigin.System, CancellationToken.None))
        {
            case CreateResult.Refused refused:
                await error.WriteLineAsync(refused.Reason);
                return 1;
            default:
                await output.WriteLineAsync($"Created the user {user.Name} with the role {user.Roles[0]}.");
                return 0;
        }
    }

    private static async Task<int> AddKeyAsync(string name, string userName, List<string> settings, TextWriter output, TextWriter error)
    {
        await using var app = Open(settings);
        switch (await app.Services.GetRequiredService<ApiKeys>().CreateAsync(name, null, userName, CancellationToken.None))
        {
            case ApiKeyResult.Created created:
                await output.WriteLineAsync($"Created the API key {name} of the user {userName}. Keep it now, it is not shown again:");
                await output.WriteLineAsync(created.Key);
                return 0;
            case ApiKeyResult.Refused refused:
                await error.WriteLineAsync(refused.Reason);
                return 1;
            default:
                throw new InvalidOperationException("Not a way in which making an API key can end.");
        }
    }

    private static WebApplication Open(List<string> settings)
    {
        var app = DamApplication.Build([.. settings, "--Logging:LogLevel:Default=Warning"]);
        app.Services.GetRequiredService<Database>().Open();
        return app;
    }

    /// <summary>Takes the command's own flags out; what is left are settings of the host, such as <c>--Host:DataDirectory</c>.</summary>
    private static bool TryReadFlags(List<string> args, out Dictionary<string, string> flags, out List<string> rest)
    {
        flags = [];
        rest = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!Flags.Contains(args[i]))
                rest.Add(args[i]);
            else if (i + 1 < args.Count)
                flags[args[i]] = args[++i];
            else
                return false;
        }

        return true;
    }
}
