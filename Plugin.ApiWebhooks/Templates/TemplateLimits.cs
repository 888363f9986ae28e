namespace Plugin.ApiWebhooks.Templates;

/// <summary>What a template may cost. Faults when it is saved, or a change that cannot be rendered.</summary>
internal static class TemplateLimits
{
    /// <summary>Expressions in one template.</summary>
    public const int Expressions = 200;

    /// <summary>Characters of one template's text, and bytes of an object template's literals.</summary>
    public const int Characters = 100_000;

    /// <summary>Objects and arrays of an object template inside each other.</summary>
    public const int Depth = 32;

    /// <summary>Steps of one pointer, those between dots too.</summary>
    public const int Steps = 32;

    /// <summary>The longest body.</summary>
    public const int OutputBytes = 1024 * 1024;

    /// <summary>The longest address that is made of a template. Servers commonly refuse longer ones.</summary>
    public const int AddressCharacters = 8000;

    /// <summary>The longest value of a header, and of one value that goes into an address or a header.</summary>
    public const int HeaderCharacters = 8000;

    /// <summary>How deep values may be nested in a body that is read again to see whether it is JSON.</summary>
    public const int ReadDepth = 256;
}
