namespace SampleHost.Pages.Account;

/// <summary>Registered while the demo is on: what the sign-in page tells newcomers.</summary>
/// <param name="Accounts">The accounts to try, in order.</param>
internal sealed record DemoHint(IReadOnlyList<DemoAccountView> Accounts);
