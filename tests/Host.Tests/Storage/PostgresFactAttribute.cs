namespace Host.Tests.Storage;

/// <summary>A test on a real PostgreSQL server; skipped, with the reason, where there is none.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
