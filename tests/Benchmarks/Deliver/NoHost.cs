using Dam.Hosting;

namespace Benchmarks.Deliver;

/// <summary>What a host would say of itself.</summary>
internal sealed class NoHost : IHostInformation
{
    public Uri BaseUri { get; } = new("http://127.0.0.1:5080/");

    public string SiteTitle => "Benchmark";

    public string Version => "1.0.0";

    public string DefaultLanguage => "en";
}
