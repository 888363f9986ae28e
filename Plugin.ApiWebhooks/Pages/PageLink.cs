namespace Plugin.ApiWebhooks.Pages;

/// <summary>A link of a page.</summary>
/// <param name="Href">Where it leads; a path of this site.</param>
/// <param name="Text">Its words.</param>
public sealed record PageLink(string Href, string Text);
