using System.Text;
using Microsoft.Extensions.Configuration;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Writes the path of a setting as people read it: <c>hooks[2].url</c>.</summary>
internal static class KeyPath
{
    /// <summary>The path of a section.</summary>
    public static string Of(IConfigurationSection section) => Of(section.Path);

    /// <summary>The path of a configuration key such as <c>hooks:2:url</c>.</summary>
    public static string Of(string path)
    {
        var text = new StringBuilder();
        foreach (var part in path.Split(ConfigurationPath.KeyDelimiter))
        {
            if (part.Length > 0 && part.All(char.IsAsciiDigit))
                text.Append('[').Append(part).Append(']');
            else
                text.Append(text.Length == 0 ? "" : ".").Append(part);
        }

        return text.ToString();
    }
}
