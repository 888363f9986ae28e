namespace Dam.Hosting;

/// <summary>What the host says of itself.</summary>
public interface IHostInformation
{
    /// <summary>The absolute address under which the host is reached, without a trailing slash in its path.</summary>
    Uri BaseUri { get; }

    /// <summary>The site's title.</summary>
    string SiteTitle { get; }

    /// <summary>The host's version.</summary>
    string Version { get; }

    /// <summary>The language of texts when a user's own is not to be had, a BCP 47 tag.</summary>
    string DefaultLanguage { get; }

    /// <summary>The page where a person signs in and then goes on.</summary>
    /// <param name="returnPath">Where to go on to: a path on this host with its query.</param>
    /// <returns>An address below the host's own, with the path in it; null when the host has no such page.</returns>
    string? SignInAddress(string returnPath) => null;
}
