namespace Greeting;

/// <summary>A private dependency of plugins, which comes in two versions.</summary>
public static class Greeter
{
    /// <summary>Which version this is.</summary>
    public static string Version => "greeting one";
}
