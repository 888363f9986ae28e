namespace Plugin.ApiWebhooks.Pages;

/// <summary>How good something is; chooses the colour of its mark.</summary>
public enum Tone
{
    Plain,
    Good,
    Care,
    Bad,
}

/// <summary>A short word on a coloured ground.</summary>
public sealed record MarkView(Tone Tone, string Text);
