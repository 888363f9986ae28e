using System.Globalization;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>A value written out in PHP: one of the nested classes.</summary>
internal abstract class PhpValue
{
    private PhpValue()
    {
    }

    /// <summary>A text, or what PHP makes a text of: a number, true, false.</summary>
    public sealed class Text(string value) : PhpValue
    {
        public string Value { get; } = value;
    }

    /// <summary>null, or as good as absent.</summary>
    public sealed class Nothing : PhpValue;

    /// <summary>What could not be read; a fault says so.</summary>
    public sealed class Unread : PhpValue;

    /// <summary>A list or map, in PHP both at once.</summary>
    public sealed class Map : PhpValue
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        private readonly List<PhpEntry> _entries = [];
        private long _next;

        /// <summary>The entries in the order in which their keys came first.</summary>
        public IReadOnlyList<PhpEntry> Entries => _entries;

        public void Append(PhpValue value, int offset) => Set(_next.ToString(CultureInfo.InvariantCulture), value, offset);

        /// <summary>A key that is there already gets the new value in its old place, as in PHP.</summary>
        public void Set(string key, PhpValue value, int offset)
        {
            if (long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < long.MaxValue && number >= _next)
                _next = number + 1;
            if (_places.TryGetValue(key, out var place))
                _entries[place] = new PhpEntry(key, value, offset);
            else
            {
                _places[key] = _entries.Count;
                _entries.Add(new PhpEntry(key, value, offset));
            }
        }
    }
}

/// <summary>An entry of a map.</summary>
/// <param name="Key">Its key; numbers in decimal.</param>
/// <param name="Value">Its value.</param>
/// <param name="Offset">Where its value begins in the text.</param>
internal readonly record struct PhpEntry(string Key, PhpValue Value, int Offset);
