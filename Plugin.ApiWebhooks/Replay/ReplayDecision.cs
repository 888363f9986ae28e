using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>Decides what a job does with one change that its subscription wants.</summary>
internal static class ReplayDecision
{
    /// <summary>What is to be done.</summary>
    internal enum Act
    {
        /// <summary>Nothing: it is owed already, or not asked for.</summary>
        Skip,

        /// <summary>Make a message and a delivery: there is none yet.</summary>
        Add,

        /// <summary>Owe the delivery again, with the bytes it has.</summary>
        Repeat,

        /// <summary>Owe the delivery again, with bytes that are made now: it was refused and has none.</summary>
        Render,
    }

    /// <summary>Decides.</summary>
    /// <param name="which">What was asked for.</param>
    /// <param name="known">The delivery there is, or null.</param>
    public static Act Decide(ReplayWhich which, KnownDelivery? known)
    {
        if (known is null)
            return which == ReplayWhich.Failed ? Act.Skip : Act.Add;
        var isAskedFor = known.State switch
        {
            DeliveryState.Delivered => which == ReplayWhich.All,
            DeliveryState.Exhausted or DeliveryState.Cancelled => true,
            _ => false,
        };
        return !isAskedFor ? Act.Skip : known.IsRefused ? Act.Render : Act.Repeat;
    }
}

/// <summary>What is known of one delivery.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ChangeSequence">The change's sequence.</param>
/// <param name="State">Where it stands.</param>
/// <param name="IsRefused">Whether it has no bytes.</param>
internal sealed record KnownDelivery(long Id, long ChangeSequence, DeliveryState State, bool IsRefused);
