using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SampleHost;

namespace Host.Tests.Start;

/// <summary>Settings that come as files, one for each secret.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dam-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_gives_the_password_that_the_connection_string_does_not_have()
    {
        // As an editor saves it: with an end of line, which is not part of it.
        await File.WriteAllTextAsync(Path.Combine(_folder, "Host__Storage__Password"), "of ; = the 'file'\n");
        await using var app = Build("--Host:Storage:Provider", "postgres", "--Host:Storage:ConnectionString", "Host=db;Database=dam;Username=dam", "--Host:SecretsDirectory", _folder);
        var connection = new NpgsqlConnectionStringBuilder(app.Services.GetRequiredService<SampleHost.HostOptions>().PostgresConnection);
        Assert.Equal(("db", "dam", "of ; = the 'file'"), (connection.Host, connection.Username, connection.Password));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var missing = Path.Combine(_folder, "missing");
        Assert.Contains($"Host:SecretsDirectory is '{missing}'", Assert.Throws<InvalidOperationException>(() => Build("--Host:SecretsDirectory", missing)).Message);
    }

    private WebApplication Build(params string[] arguments) => DamApplication.Build(["--contentRoot", _folder, .. arguments]);
}
