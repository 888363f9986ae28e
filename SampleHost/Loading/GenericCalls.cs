using System.Runtime.CompilerServices;

namespace SampleHost.Loading;

/// <summary>Keeps code that was freed out of the runtime's cache of generic virtual calls.</summary>
/// <remarks>
/// The .NET 10 runtime (10.0.12; dotnet/runtime issue 132562) empties this cache when it frees code by putting a table of two entries in its place, always the same one, and takes that table for an
/// ordinary one afterwards. Calls that were entered in it come back the next time it is put in place, whether their code is still there or not. The next plugin gets the addresses
/// of the former one, so such an entry may match, and the call leads into freed memory.
/// </remarks>
internal static class GenericCalls
{
    private static readonly Callee s_callee = new Filling();

    /// <summary>Makes more calls than that table holds, all of code that stays. The runtime then goes over to a new one, before a plugin's call comes into it.</summary>
    /// <remarks>Not optimised: the calls would be made directly, and leave the cache as it is.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static void FillCache()
    {
        s_callee.Call<byte>();
        s_callee.Call<sbyte>();
        s_callee.Call<short>();
        s_callee.Call<ushort>();
        s_callee.Call<int>();
        s_callee.Call<uint>();
        s_callee.Call<long>();
        s_callee.Call<ulong>();
        s_callee.Call<float>();
        s_callee.Call<double>();
    }

    private abstract class Callee
    {
        public abstract void Call<T>();
    }

    private sealed class Filling : Callee
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override void Call<T>()
        {
        }
    }
}
