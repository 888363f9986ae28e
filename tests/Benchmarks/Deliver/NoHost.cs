using Dam.Hosting;

namespace Benchmarks.Deliver;

/// <summary>What a host would say of itself.</summary>
internal sealed class NoHost : IHostInformation, IUserDirectory, IRecordReader
{
    public Uri BaseUri { get; } = new("http://127.0.0.1:5080/");

    public string SiteTitle => "Benchmark";

    public string Version => "1.0.0";

    public string DefaultLanguage => "en";

    public ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<HostUser?>(null);

    public Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult<RecordSnapshot?>(null);

    public bool CanSee(HostUser user, RecordSnapshot record) => true;

    public bool CanEdit(HostUser user, RecordSnapshot record) => true;
}
