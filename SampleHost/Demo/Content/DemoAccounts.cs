using SampleHost.Accounts;
using SampleHost.Pages.Account;

namespace SampleHost.Demo.Content;

/// <summary>An account of the demo. Its password and its key are published: such an account must never be made where anybody else can reach it.</summary>
internal sealed record DemoAccount(string Name, string DisplayName, string MayDo)
{
    public string Password => $"{Name}-demo";

    public string KeyName => $"demo-{Name}";

    public string Key => $"demo-{Name}-key";
}

/// <summary>The demo's accounts, from the most to the least powerful.</summary>
internal static class DemoAccounts
{
    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new(Roles.SysAdmin, "Sal Orr", "may do everything, and manages plugins"),
        new(Roles.Admin, "Ada Marl", "manages feeds and approves records"),
        new(Roles.Editor, "Edith Thorne", "edits records and presses buttons: start here"),
        new(Roles.Viewer, "Vic Vane", "looks at records"),
    ];

    /// <summary>Makes accounts and keys.</summary>
    public static async Task CreateAsync(Users users, ApiKeys keys, CancellationToken cancellationToken)
    {
        foreach (var account in All)
        {
            var user = new NewUser(account.Name, account.Password)
            {
                DisplayName = account.DisplayName,
                Email = $"{account.Name}@corriemere.example",
                Roles = [account.Name],
            };
            if (await users.CreateAsync(user, cancellationToken) is CreateResult.Refused refused)
                throw new InvalidOperationException($"The demo account {account.Name} cannot be made: {refused.Reason}");
            if (await keys.CreateAsync(account.KeyName, account.Key, account.Name, cancellationToken) is ApiKeyResult.Refused keyRefused)
                throw new InvalidOperationException($"The demo API key {account.KeyName} cannot be made: {keyRefused.Reason}");
        }
    }

    /// <summary>Those that are there: none when the data directory was in use before the demo was switched on.</summary>
    public static IReadOnlyList<DemoAccount> Existing(Users users) =>
        All.Where(account => users.FindByKeyHash(ApiKeys.Hash(account.Key))?.Name == account.Name).ToList();

    /// <summary>What the sign-in page tells newcomers.</summary>
    public static DemoHint Hint(Users users) =>
        new(Existing(users).OrderByDescending(account => account.Name == Roles.Editor)
            .Select(account => new DemoAccountView(account.Name, account.Password, account.MayDo)).ToList());
}
