namespace Plugin.ApiWebhooks.Pages;

/// <summary>The parts of the administrator's pages, in the order of their navigation.</summary>
public enum PagePlace
{
    Overview,
    Subscriptions,
    Deliveries,
    Replays,
    Buttons,
    Events,
    Receiving,
    Audit,
}
