using Microsoft.AspNetCore.Http;

namespace Dam.Hosting;

/// <summary>Tells who makes a request: by the pages' cookie, or by an API key.</summary>
public interface IHostIdentity
{
    /// <summary>The user of a request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The user, or null for nobody. A request with a cookie only must still be checked for antiforgery before it changes anything.</returns>
    ValueTask<HostUser?> FindUserAsync(HttpContext context);
}
