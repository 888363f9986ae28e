namespace Plugin.ApiWebhooks.Queue;

/// <summary>What becomes of what is held when a subscription is served again.</summary>
internal enum HeldChoice
{
    /// <summary>It is sent.</summary>
    Deliver,

    /// <summary>It is given up.</summary>
    Cancel,

    /// <summary>It stays held until the next resuming, while new changes are sent.</summary>
    Keep,
}
