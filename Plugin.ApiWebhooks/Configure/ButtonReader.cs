using System.Text.RegularExpressions;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Buttons;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Reads <c>buttons[]</c>.</summary>
internal static partial class ButtonReader
{
    /// <summary>Reads all buttons and gives each its key.</summary>
    public static IReadOnlyList<ButtonSettings> ReadAll(IReadOnlyList<IConfigurationSection> sections, ReadingContext context, ICollection<PluginFault> faults)
    {
        var buttons = new List<ButtonSettings>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            var reader = new SectionReader(section, faults);
            reader.RefuseUnknown(ButtonOptions.All.Select(option => option.Key));
            buttons.Add(Read(reader, context));
            if (buttons[^1].Key.Length > 0 && !taken.Add(buttons[^1].Key))
                reader.Refuse("key", $"\"{buttons[^1].Key}\" is another button's key too", "Give each button a key of its own.");
        }

        return WithDerivedKeys(buttons, taken);
    }

    private static ButtonSettings Read(SectionReader reader, ReadingContext context)
    {
        var defaults = new ButtonSettings { Key = "", Text = "", Url = "" };
        var timeout = reader.Seconds(ButtonOptions.Timeout) ?? defaults.Timeout;
        var giveUp = reader.Seconds(ButtonOptions.GiveUp);
        if (giveUp < timeout)
            reader.Refuse("giveUpSeconds", $"is less than timeoutSeconds ({timeout.TotalSeconds})", "The POST cannot be given up before the editor stops waiting.");
        return defaults with
        {
            Key = ReadKey(reader),
            Location = ReadLocation(reader),
            Text = reader.Text(ButtonOptions.Text) ?? "",
            Url = ReadUrl(reader, context.BaseUri),
            Body = reader.Choice(ButtonOptions.Body) == "json" ? ButtonBody.Json : ButtonBody.Id,
            Timeout = timeout,
            GiveUp = giveUp ?? (timeout > defaults.GiveUp ? timeout : defaults.GiveUp),
            Headers = reader.Headers(ButtonOptions.Headers),
            Secret = DemoSecret.Read(reader, ButtonOptions.Secret, context.IsDevelopment),
            Roles = reader.Texts(ButtonOptions.Roles),
            Types = reader.Texts(ButtonOptions.Types),
            Confirm = reader.Text(ButtonOptions.Confirm),
        };
    }

    private static string ReadKey(SectionReader reader)
    {
        var key = reader.Text(ButtonOptions.Key);
        if (key is null || StableKey.IsValid(key))
            return key ?? "";
        reader.Refuse("key", $"is \"{key}\"", "Use letters, digits, hyphens, underscores and full stops only.");
        return "";
    }

    private static string ReadLocation(SectionReader reader)
    {
        var location = reader.Text(ButtonOptions.Location)?.ToLowerInvariant() ?? EditPageContext.EditLocation;
        // No fault that refuses the file: later places may be configured before the host has them.
        if (!ButtonOptions.Location.Choices.Contains(location))
            reader.Warn("location", $"is \"{location}\", a place that is not known: the button is shown nowhere", "Write \"edit\".");
        return location;
    }

    private static string ReadUrl(SectionReader reader, Uri baseUri)
    {
        if (reader.Text(ButtonOptions.Url) is not { } text)
            return "";
        var url = BaseAddress.Expand(text, baseUri);
        if (AddressRules.Find(RecordPlaceholder().Replace(url, "0")) is { } objection)
            reader.Refuse("url", objection.What, objection.Remedy);
        else if (AnyPlaceholder().Matches(RecordPlaceholder().Replace(url, "")) is [{ } unknown, ..])
            reader.Warn("url", $"has \"{unknown.Value}\" in it, which is no placeholder and is sent as {Uri.EscapeDataString(unknown.Value)}", "The placeholders are {id}, {pid} and {baseUri}.");
        return url;
    }

    // A derived key may meet another one; then the address tells them apart, and the place in the file where that is the same too.
    private static List<ButtonSettings> WithDerivedKeys(List<ButtonSettings> buttons, HashSet<string> taken)
    {
        var slugs = buttons.Select(button => StableKey.Slug(ButtonLabel.Choose(button.Text, "en", "en"), "button")).ToArray();
        var keyed = new List<ButtonSettings>();
        for (var i = 0; i < buttons.Count; i++)
        {
            if (buttons[i].Key.Length > 0)
            {
                keyed.Add(buttons[i]);
                continue;
            }

            var alone = !taken.Contains(slugs[i]) && !Others(buttons, slugs, i);
            var key = alone ? slugs[i] : StableKey.Distinguish(slugs[i], buttons[i].Url);
            for (var copy = 2; !taken.Add(key); copy++)
                key = StableKey.Distinguish(slugs[i], $"{buttons[i].Url}#{copy}");
            keyed.Add(buttons[i] with { Key = key });
        }

        return keyed;
    }

    private static bool Others(List<ButtonSettings> buttons, string[] slugs, int index)
    {
        for (var i = 0; i < buttons.Count; i++)
        {
            if (i != index && buttons[i].Key.Length == 0 && slugs[i] == slugs[index])
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"\{(id|pid)\}")]
    private static partial Regex RecordPlaceholder();

    [GeneratedRegex(@"\{[A-Za-z]+\}")]
    private static partial Regex AnyPlaceholder();
}
