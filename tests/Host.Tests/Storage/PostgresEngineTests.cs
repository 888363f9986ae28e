using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage;

public sealed class PostgresEngineTests
{
    [PostgresFact]
    public async Task Whether_a_transaction_was_committed_is_known_also_when_the_answer_was_lost()
    {
        await using var engine = new PostgresEngine(PostgresServer.NewDatabase(), TimeProvider.System, NullLogger.Instance);
        using (var migrator = engine.ConnectMigrator())
            Migrations.Apply(engine, migrator);
        foreach (var isCommitted in new[] { true, false })
        {
            var writer = engine.ConnectWriter();
            engine.Begin(writer);
            var pid = writer.ExecuteScalar<int>("SELECT pg_backend_pid()");
            if (isCommitted)
                writer.Execute("COMMIT");
            var other = engine.TakeReader();
            other.Execute("SELECT pg_terminate_backend(@pid)", new { pid });
            engine.Return(other);
            Assert.True(engine.IsOpenWhetherCommitted(writer, Assert.ThrowsAny<Exception>(() => writer.Execute("SELECT 1"))));
            Assert.Equal(isCommitted, engine.WasCommitted(ref writer));
            Assert.Equal(1, writer.ExecuteScalar<int>("SELECT 1"));
            await writer.DisposeAsync();
        }
    }
}
