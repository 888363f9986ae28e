using System.Security.Claims;
using Dam.Hosting;
using Dapper;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>How a try to sign in ended: one of the nested records.</summary>
internal abstract record SignInResult
{
    private SignInResult()
    {
    }

    /// <summary>Name and password match. Hand the principal to <c>HttpContext.SignInAsync</c> with the cookie scheme.</summary>
    public sealed record SignedIn(HostUser User, ClaimsPrincipal Principal) : SignInResult;

    /// <summary>Name or password is wrong; it is not told which.</summary>
    public sealed record Wrong : SignInResult;

    /// <summary>Too many failures: nothing is checked before that instant (UTC), not even the right password.</summary>
    public sealed record Locked(DateTimeOffset UntilAt) : SignInResult;
}

/// <summary>Verifies a name and a password. After five failures in a row each further one makes the account wait, up to a quarter of an hour.</summary>
internal sealed class SignIn(Users users, Database database, IPasswordHasher<NewUser> hasher, TimeProvider time)
{
    /// <summary>The claim that ties a cookie to the password it was made with.</summary>
    public const string StampClaim = "stamp";

    internal const int FreeFailures = 5;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly NewUser Nobody = new("", "");

    // Checked when the name is unknown, so that the time taken does not tell which names exist.
    private readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(Nobody, "no such user"));

    public async Task<SignInResult> TryAsync(string name, string password, CancellationToken cancellationToken)
    {
        var account = users.FindAccount(name.Trim());
        if (account is null)
        {
            hasher.VerifyHashedPassword(Nobody, _nobodysHash.Value, password);
            return new SignInResult.Wrong();
        }

        if (account.LockedUntilAt is { } until && until > time.GetUtcNow())
            return new SignInResult.Locked(until);

        if (hasher.VerifyHashedPassword(Nobody, account.PasswordHash, password) == PasswordVerificationResult.Failed)
        {
            var lockedUntil = await database.WriteAsync(scope => CountFailure(scope, account.Id), cancellationToken);
            return lockedUntil is { } at ? new SignInResult.Locked(at) : new SignInResult.Wrong();
        }

        if (account.FailedCount > 0)
            await database.WriteAsync(scope => scope.Connection.Execute(ResetSql, new { account.Id }), cancellationToken);
        return new SignInResult.SignedIn(account.User, Principal(account));
    }

    /// <summary>How long an account waits after so many failures in a row.</summary>
    internal static TimeSpan Wait(int failures)
    {
        if (failures < FreeFailures)
            return TimeSpan.Zero;
        var doublings = Math.Min(failures - FreeFailures, 10);
        var wait = FirstWait * Math.Pow(2, doublings);
        return wait < LongestWait ? wait : LongestWait;
    }

    private static ClaimsPrincipal Principal(Account account) =>
        new(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, account.User.Name), new Claim(StampClaim, account.Stamp)],
            CookieAuthenticationDefaults.AuthenticationScheme));

    private static DateTimeOffset? CountFailure(WriteScope scope, long id)
    {
        var failures = scope.Connection.ExecuteScalar<int>(CountSql, new { id });
        var wait = Wait(failures);
        if (wait == TimeSpan.Zero)
            return null;
        var until = scope.Now + wait;
        scope.Connection.Execute(LockSql, new { id, until = until.ToUnixTimeMilliseconds() });
        return until;
    }

    private const string CountSql = "UPDATE users SET failed_count = failed_count + 1 WHERE id = @id RETURNING failed_count";
    private const string LockSql = "UPDATE users SET locked_until = @until WHERE id = @id";
    private const string ResetSql = "UPDATE users SET failed_count = 0, locked_until = NULL WHERE id = @Id";
}
