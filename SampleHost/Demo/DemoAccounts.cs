using SampleHost.Accounts;

namespace SampleHost.Demo;

/// <summary>An account of the demo, with an API key of its own.</summary>
/// <param name="Name">The user's name; it is also the role.</param>
/// <param name="Text">What it may do, in words.</param>
internal sealed record DemoAccount(string Name, string DisplayName, string Text)
{
    public string Password => $"{Name}-demo";

    /// <summary>The key that API callers send.</summary>
    public string ApiKey => $"demo-{Name}-key";

    /// <summary>The name under which the key stands in the change log.</summary>
    public string ApiKeyName => $"demo-{Name}";
}

/// <summary>The accounts and keys of the demo: published here, so made for a new data directory in a demo and never elsewhere.</summary>
internal static class DemoAccounts
{
    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new(Roles.Editor, "Edith Torres", "edits records and presses buttons: start here"),
        new(Roles.Admin, "Adam Okafor", "also manages the webhooks"),
        new(Roles.SysAdmin, "Sira Lindqvist", "also manages plugins and reads the change log"),
        new(Roles.Viewer, "Vera Blanc", "looks, and changes nothing"),
    ];

    /// <summary>Makes the accounts and their keys.</summary>
    /// <exception cref="InvalidOperationException">One was refused; the message says why.</exception>
    public static async Task CreateAsync(Users users, ApiKeys keys, CancellationToken cancellationToken)
    {
        foreach (var account in All)
        {
            var user = new NewUser(account.Name, account.Password)
            {
                DisplayName = account.DisplayName,
                Email = $"{account.Name}@museum.example",
                Roles = [account.Name],
            };
            if (await users.CreateAsync(user, cancellationToken) is CreateResult.Refused refusedUser)
                throw new InvalidOperationException(refusedUser.Reason);
            if (await keys.CreateAsync(account.ApiKeyName, account.ApiKey, account.Name, cancellationToken) is ApiKeyResult.Refused refusedKey)
                throw new InvalidOperationException(refusedKey.Reason);
        }
    }
}
