namespace Plugin.ApiWebhooks.Dialects;

/// <summary>A change of which no message can be made: its delivery is exhausted at once, with this detail for the operator's eyes.</summary>
/// <param name="detail">What is missing or wrong, and the remedy. Shown to administrators, so no values that may be secret.</param>
internal sealed class RenderException(string detail) : Exception(detail);
