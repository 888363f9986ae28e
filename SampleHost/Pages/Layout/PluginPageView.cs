using Microsoft.AspNetCore.Html;

namespace SampleHost.Pages.Layout;

/// <summary>A plugin's page.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Content">Its content, already encoded.</param>
public sealed record PluginPageView(string Title, IHtmlContent Content);
