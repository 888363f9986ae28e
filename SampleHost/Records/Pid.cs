using System.Security.Cryptography;

namespace SampleHost.Records;

/// <summary>Makes persistent identifiers: 125 random bits, so none is ever made twice and none tells anything.</summary>
internal static class Pid
{
    public const string Prefix = "dam:";
    private const int Length = 25;

    // Base 32 after Crockford: no i, l, o, u, so that it survives being read aloud or copied by hand.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Next() => Prefix + RandomNumberGenerator.GetString(Alphabet, Length);
}
