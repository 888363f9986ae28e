using Xunit;

namespace Tests.Postgres;

/// <summary>A test on a real PostgreSQL server; skipped, with the reason, where there is none.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresPrograms.Missing;
}

/// <summary>Several tests of one text on a real PostgreSQL server.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresPrograms.Missing;
}
