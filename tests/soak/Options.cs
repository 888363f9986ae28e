using System.Globalization;

namespace Soak;

/// <summary>What is soaked.</summary>
/// <param name="Kills">How often the host is killed. Default 200.</param>
/// <param name="Seed">Decides every moment and every receiver's mood. Default random, and printed.</param>
internal sealed record Options(int Kills, int Seed)
{
    public static Options? Read(IReadOnlyList<string> args)
    {
        var options = new Options(200, new Random().Next());
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            if (args[i] == "--kills" && value > 0)
                options = options with { Kills = value };
            else if (args[i] == "--seed")
                options = options with { Seed = value };
            else
                return null;
        }

        return options;
    }
}
