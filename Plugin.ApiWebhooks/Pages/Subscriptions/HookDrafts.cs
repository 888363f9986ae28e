using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>A form as it was filled in.</summary>
/// <param name="Given">The settings as they were typed, stars included.</param>
/// <param name="Whole">The same with what is stored in place of stars.</param>
/// <param name="FormFaults">What could not be made settings of, and stars that stand for nothing: with these nothing can be stored.</param>
/// <param name="Check">What the reading of the settings gave.</param>
/// <param name="Reader">What read the form.</param>
internal sealed record HookDraft(JsonObject Given, JsonObject Whole, IReadOnlyList<PluginFault> FormFaults, StoreCheck Check, HookFormReader Reader)
{
    /// <summary>All that is wrong, at once: with what the form itself could not read, the rest was looked at too.</summary>
    public IReadOnlyList<PluginFault> Faults => [.. FormFaults, .. Check.Faults.Where(fault => !Reader.Typed.ContainsKey(fault.Place))];

    /// <summary>The hook as it would be in force; null while anything is wrong.</summary>
    public HookSettings? Hook => FormFaults.Count == 0 ? Check.Settings : null;
}

/// <summary>Reads posted forms, for saving, checking and previewing alike.</summary>
internal sealed class HookDrafts(StoredHooks stored, HookOptionTables options)
{
    /// <summary>Reads a form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="ofForm">Its fields.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="hook">The stored hook that is edited; null for a new one.</param>
    /// <param name="user">Who edits.</param>
    public HookDraft Read(IFormCollection form, HookForm ofForm, IDialect dialect, StoredHook? hook, HostUser user)
    {
        var reader = new HookFormReader(form);
        var given = reader.Read([.. ofForm.Main, .. ofForm.Further]);
        given["dialect"] = dialect.Name;
        var known = options.Of(dialect.Name);
        var whole = hook is null ? given.DeepClone().AsObject() : SettingsMask.Unmask(given, hook.Settings, known);
        List<PluginFault> faults =
            [.. reader.Faults, .. SettingsMask.FindStars(whole, known).Select(place => new PluginFault(FaultSeverity.Error, place, SubscriptionTexts.In(user.Language).StarsOnly, ""))];
        return new HookDraft(given, whole, faults, stored.Check(new NewStoredHook(whole, hook?.Owner ?? user.Name)), reader);
    }
}
