namespace Plugin.ApiWebhooks.Clients;

/// <summary>What an application may be called and where it may lead to.</summary>
internal static class ApplicationRules
{
    private const int LongestName = 100;
    private const int LongestDescription = 2000;
    private const int LongestAddress = 1000;

    /// <summary>Every fault of an application to register; the field names are those of the form.</summary>
    public static IReadOnlyList<FieldFault> FindFaults(NewApplication application)
    {
        var faults = new List<FieldFault>();
        if (application.Name.Length == 0)
            faults.Add(new("name", "Give the application a name."));
        else if (application.Name.Length > LongestName || application.Name.Any(char.IsControl))
            faults.Add(new("name", $"Use at most {LongestName} characters, on one line."));
        if (application.Description.Length > LongestDescription)
            faults.Add(new("description", $"Use at most {LongestDescription} characters."));
        if (application.Website.Length > 0 && !IsWebsite(application.Website))
            faults.Add(new("website", "Write a whole address that begins with http:// or https://, or nothing."));
        if (application.RedirectUri.Length > 0 && RedirectAddress.FindObjection(application.RedirectUri) is { } objection)
            faults.Add(new("callback", objection));
        if (application.RedirectUri.Length == 0 && application.IsPublic)
            faults.Add(new("callback", "A public application acts only for users who consent: write the address they are sent back to."));
        return faults;
    }

    private static bool IsWebsite(string text) =>
        text.Length <= LongestAddress && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
