using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>Shows what a form that is being filled in would send.</summary>
internal sealed class Previews(Trials trials, SettingsWatcher settings, IUserDirectory users)
{
    /// <summary>The request, or why there is none.</summary>
    /// <param name="draft">The form.</param>
    /// <param name="form">The same as posted: event and record are chosen in it.</param>
    /// <param name="hook">The stored hook that is edited; null for a new one.</param>
    /// <param name="user">Who looks.</param>
    /// <param name="cancellationToken">Cancels reading the record.</param>
    public async Task<ShownTrial> ShowAsync(HookDraft draft, IFormCollection form, StoredHook? hook, HostUser user, CancellationToken cancellationToken)
    {
        var texts = TrialTexts.In(user.Language);
        if (draft.Hook is not { } drafted)
            return new ShownTrial { Texts = texts, Refusal = texts.FaultsFirst };
        if (TrialWords.ReadWish(form) is not { } wish)
            return new ShownTrial { Texts = texts, Refusal = texts.NoNumber };
        var (ready, isOwnSecret) = WithKeys(drafted, hook);
        var owner = hook is null || string.Equals(hook.Owner, user.Name, StringComparison.OrdinalIgnoreCase) ? user : await users.FindAsync(hook.Owner, cancellationToken).ConfigureAwait(false);
        if (owner is null)
            return new ShownTrial { Texts = texts, Refusal = string.Format(System.Globalization.CultureInfo.InvariantCulture, texts.NotForOwner, hook!.Owner) };
        var (trial, refusal) = await trials.ShowAsync(ready, owner, wish, user, cancellationToken).ConfigureAwait(false);
        return trial is null ? TrialWords.Refuse(refusal!, wish, owner.Name, texts) : TrialWords.Preview(trial, isOwnSecret, texts);
    }

    // What is stored signs with its own; what is new, or is to sign in another way, with an example's.
    private (HookSettings Hook, bool IsOwn) WithKeys(HookSettings drafted, StoredHook? hook)
    {
        var inForce = hook is null ? null : settings.Current.Hooks.FirstOrDefault(each => each.Key == hook.Key);
        var (secret, pair) = (drafted.Secret ?? (inForce is { SecretIsConfigured: false } ? inForce.Secret : null), inForce?.SigningKey);
        var isWhole = (drafted.Signing == HookSigning.V1a || secret is not null) && (drafted.Signing == HookSigning.V1 || pair is not null);
        return isWhole ? (drafted with { Secret = secret, SigningKey = drafted.Signing == HookSigning.V1 ? null : pair }, true) : (Trials.WithExampleKeys(drafted), false);
    }
}
