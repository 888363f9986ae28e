namespace Plugin.ApiWebhooks.Queue;

/// <summary>How many deliveries of each subscription have no bytes, kept in memory for those who ask often.</summary>
internal sealed class RefusalTally(PluginDatabase database)
{
    private const string Select = "SELECT subscription_id, count(*) FROM refusal GROUP BY subscription_id";

    private readonly Lock _gate = new();
    private Dictionary<long, long> _counts = [];

    /// <summary>Counts anew what is stored.</summary>
    public void Load()
    {
        var counts = database.Read(c =>
        {
            using var reader = c.Prepared(Select).ExecuteReader();
            var read = new Dictionary<long, long>();
            while (reader.Read())
                read.Add(reader.GetInt64(0), reader.GetInt64(1));
            return read;
        });
        lock (_gate)
            _counts = counts;
    }

    /// <summary>Learns that some came, or (negative) were given their bytes.</summary>
    public void Add(long subscriptionId, int count)
    {
        lock (_gate)
            _counts[subscriptionId] = _counts.GetValueOrDefault(subscriptionId) + count;
    }

    /// <summary>How many a subscription has.</summary>
    public long Of(long subscriptionId)
    {
        lock (_gate)
            return _counts.GetValueOrDefault(subscriptionId);
    }
}
