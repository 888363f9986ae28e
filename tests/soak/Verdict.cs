using System.Globalization;
using System.Text;
using EndToEnd.Tests.Kill;

namespace Soak;

/// <summary>Holds what was acknowledged against what arrived.</summary>
internal sealed class Verdict(int kills, SaveLoad load, Crowd crowd, long inFlightAtKills)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly StringBuilder _table = new();

    public string Table => _table.ToString().TrimEnd();

    public string LastLine { get; private set; } = "";

    public bool IsGood { get; private set; }

    /// <summary>Waits until everything has arrived, but not for ever, and judges.</summary>
    public async Task<Verdict> ReachAsync()
    {
        var acknowledged = load.Acknowledged;
        var lost = new HashSet<string>();
        var faults = new List<string>();
        _table.AppendLine("receiver            messages   missing  again  out of order  contradictions");
        foreach (var member in crowd.Members)
        {
            var missing = await member.Receiver.WaitForAsync(acknowledged, s_patience);
            lost.UnionWith(missing);
            var late = OutOfOrder(member);
            faults.AddRange(member.Receiver.Contradictions.Take(5));
            faults.AddRange(late.Take(5).Select(taken => $"{member.Name}: record {taken.RecordId}, change {taken.Sequence} came after a later one"));
            faults.AddRange(missing.Take(5).Select(title => $"{member.Name}: {title} is missing"));
            _table.AppendLine(CultureInfo.InvariantCulture,
                $"{member.Name,-18}  {member.Receiver.Ids,8}  {missing.Count,8}  {member.Receiver.Repeats,5}  {late.Count,12}  {member.Receiver.Contradictions.Count,14}");
        }

        var duplicates = crowd.Members.Sum(member => (long)member.Receiver.Repeats);
        if (duplicates > inFlightAtKills)
            faults.Add($"{duplicates} messages came again, only {inFlightAtKills} were in flight at the kills");
        _table.AppendLine(CultureInfo.InvariantCulture, $"{inFlightAtKills} deliveries were in flight at the kills: as many may come again, with the same id and the same bytes.");
        foreach (var fault in faults)
            _table.AppendLine(fault);
        IsGood = faults.Count == 0;
        LastLine = string.Create(CultureInfo.InvariantCulture,
            $"soak: {kills} kills, {acknowledged.Count} acknowledged, {acknowledged.Count - lost.Count} delivered, {lost.Count} lost, {duplicates} duplicates");
        return this;
    }

    // What a receiver took, in the order in which it first took it.
    private static List<EventReceiver.Taken> OutOfOrder(Crowd.Member member)
    {
        if (member.Order == "none")
            return [];
        var last = new Dictionary<long, long>();
        var late = new List<EventReceiver.Taken>();
        foreach (var taken in member.Receiver.InOrder)
        {
            var stream = member.Order == "strict" ? 0 : taken.RecordId;
            if (last.TryGetValue(stream, out var former) && former > taken.Sequence)
                late.Add(taken);
            last[stream] = Math.Max(former, taken.Sequence);
        }

        return late;
    }
}
