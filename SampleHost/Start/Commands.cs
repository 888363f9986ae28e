using SampleHost.Accounts;
using SampleHost.Storage;

namespace SampleHost.Start;

/// <summary>What the program does besides serving: <c>users add NAME --role ROLE</c>, the password from standard input.</summary>
internal static class Commands
{
    private const string Usage = """
        Usage: dotnet SampleHost.dll users add NAME --role viewer|editor|admin|sysadmin [--display-name TEXT] [--email ADDRESS]
        The password is read from standard input, one line.
        """;

    private static readonly string[] Flags = ["--role", "--display-name", "--email"];

    public static bool IsCommand(IReadOnlyList<string> args) => args.Count > 0 && !args[0].StartsWith('-') && !args[0].StartsWith('/') && !args[0].Contains('=', StringComparison.Ordinal);

    /// <returns>The exit code: 0 done, 1 refused, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextReader input, TextWriter output, TextWriter error)
    {
        if (args is not ["users", "add", { } name, ..] || name.StartsWith('-') || !TryReadFlags(args.Skip(3).ToList(), out var flags, out var rest)
            || !flags.TryGetValue("--role", out var role))
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        if (!Console.IsInputRedirected && ReferenceEquals(input, Console.In))
            await error.WriteAsync($"Password for {name}: ");
        var password = await input.ReadLineAsync() ?? "";
        var user = new NewUser(name, password)
        {
            Roles = [role],
            DisplayName = flags.GetValueOrDefault("--display-name"),
            Email = flags.GetValueOrDefault("--email"),
        };

        await using var app = DamApplication.Build([.. rest, "--Logging:LogLevel:Default=Warning"]);
        app.Services.GetRequiredService<Database>().Open();
        switch (await app.Services.GetRequiredService<Users>().CreateAsync(user, CancellationToken.None))
        {
            case CreateResult.Refused refused:
                await error.WriteLineAsync(refused.Reason);
                return 1;
            default:
                await output.WriteLineAsync($"Created the user {name} with the role {role}.");
                return 0;
        }
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
