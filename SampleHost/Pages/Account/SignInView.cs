using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Account;

/// <summary>The sign-in form.</summary>
public sealed record SignInView
{
    /// <summary>The name that was typed.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where to go afterwards; a path of this host.</summary>
    public required string ReturnPath { get; init; }

    /// <summary>What was typed into a form that came too late, to be drawn again after signing in.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Kept { get; init; } = [];

    /// <summary>Accounts to try while the demo is on.</summary>
    public IReadOnlyList<DemoAccountView> DemoAccounts { get; init; } = [];

    /// <summary>What is wrong, or null.</summary>
    public BannerView? Banner { get; init; }
}

/// <summary>An account of the demo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">Its password.</param>
/// <param name="Text">What it may do.</param>
public sealed record DemoAccountView(string Name, string Password, string Text);
