using System.Globalization;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Tells of certificates that end soon, while there is time to renew them.</summary>
internal static class ExpiringCertificates
{
    /// <summary>How long before its end a certificate is told of.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    /// <summary>A warning for each certificate in force that ends soon or has ended.</summary>
    public static IReadOnlyList<PluginFault> Find(PluginSettings settings, DateTimeOffset now)
    {
        var faults = new List<PluginFault>();
        foreach (var hook in settings.Hooks)
        {
            if (hook.Roots is { } roots)
                Add(hook, HookOptions.CaFile, roots.Path, roots.ExpiresAt);
            if (hook.Identity is { } identity)
                Add(hook, HookOptions.ClientCertificateFile, identity.Path, identity.ExpiresAt);
        }

        return faults;

        void Add(HookSettings hook, Option option, string path, DateTimeOffset endsAt)
        {
            if (endsAt - now > Notice)
                return;
            var end = endsAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            faults.Add(new(
                FaultSeverity.Warning,
                $"Hook {hook.Key}",
                endsAt > now ? $"The certificate of {option.Key}, {path}, ends on {end}." : $"The certificate of {option.Key}, {path}, ended on {end}.",
                "Put a renewed one into the same file: it is taken up within two seconds."));
        }
    }
}
