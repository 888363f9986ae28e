using Microsoft.AspNetCore.Components;

namespace SampleHost.Pages.Layout;

/// <summary>A whole page: it gets everything it shows handed in, and looks nothing up itself.</summary>
/// <typeparam name="TView">What the page shows.</typeparam>
public abstract class PageComponent<TView> : ComponentBase
{
    /// <summary>The frame around the page.</summary>
    [Parameter, EditorRequired]
    public FrameView Frame { get; set; } = null!;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public TView View { get; set; } = default!;
}
