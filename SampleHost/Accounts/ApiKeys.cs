using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>How making an API key ended.</summary>
internal abstract record ApiKeyResult
{
    private ApiKeyResult()
    {
    }

    /// <summary>The key was made. This is the only time it can be read.</summary>
    public sealed record Created(string Name, string Key) : ApiKeyResult
    {
        public override string ToString() => $"Created {Name} ***";
    }

    public sealed record Refused(string Reason) : ApiKeyResult;
}

/// <summary>The API keys: known by name, stored hashed, each acting on behalf of one user.</summary>
internal sealed class ApiKeys(Database database)
{
    /// <summary>Makes a key.</summary>
    /// <param name="name">The unique name under which the key stands in the change log.</param>
    /// <param name="key">The key itself, or null for a random one of 256 bits.</param>
    /// <param name="userName">On whose behalf it acts.</param>
    public async Task<ApiKeyResult> CreateAsync(string name, string? key, string userName, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > 64 || name.Any(char.IsControl))
            return new ApiKeyResult.Refused("Give the key a name of 1 to 64 characters.");
        var secret = key ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return await database.WriteAsync(scope => Insert(scope, name, secret, userName), cancellationToken);
    }

    /// <summary>A key has so much randomness that one round of SHA-256 is enough: there is no word list to try.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static ApiKeyResult Insert(WriteScope scope, string name, string secret, string userName)
    {
        if (scope.Connection.ExecuteScalar<long?>("SELECT id FROM users WHERE name = @userName", new { userName }) is not { } userId)
            return new ApiKeyResult.Refused($"There is no user '{userName}'.");
        var inserted = scope.Connection.Execute(InsertSql, new { name, userId, hash = Hash(secret), now = scope.Now.ToUnixTimeMilliseconds() });
        return inserted == 1
            ? new ApiKeyResult.Created(name, secret)
            : new ApiKeyResult.Refused($"There is already an API key '{name}', or another with the same value.");
    }

    private const string InsertSql = """
        INSERT INTO api_keys (name, user_id, key_hash, created_at)
        VALUES (@name, @userId, @hash, @now)
        ON CONFLICT DO NOTHING
        """;
}
