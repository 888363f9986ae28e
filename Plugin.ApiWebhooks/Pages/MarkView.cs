using Plugin.ApiWebhooks.Queue;

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
public sealed record MarkView(Tone Tone, string Text)
{
    /// <summary>The mark of a delivery's state.</summary>
    internal static MarkView Of(DeliveryState state, PageTexts words) => new(
        state switch
        {
            DeliveryState.Delivered => Tone.Good,
            DeliveryState.Exhausted or DeliveryState.Cancelled => Tone.Bad,
            DeliveryState.Waiting or DeliveryState.Held => Tone.Care,
            _ => Tone.Plain,
        },
        words.StateOf(StateNames.Of(state)));
}
