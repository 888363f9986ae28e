using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SampleHost.Pages.Layout;

/// <summary>What came with a POST: one of the nested records, and no other.</summary>
internal abstract record PostedForm
{
    private PostedForm()
    {
    }

    /// <summary>A form drawn by this host for this user.</summary>
    public sealed record Good(IFormCollection Form) : PostedForm;

    /// <summary>A form whose antiforgery token is missing or was made for somebody else. Do nothing it says; what was typed may be drawn again.</summary>
    public sealed record BadToken(IFormCollection Form) : PostedForm;

    /// <summary>No form, or one that cannot be read.</summary>
    public sealed record Unreadable(string Reason) : PostedForm;
}

/// <summary>Reads posted forms and checks that this host drew them.</summary>
internal sealed class PostedForms(IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options)
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    public async Task<PostedForm> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return new PostedForm.Unreadable("The request carries no form.");
        IFormCollection form;
        try
        {
            form = await ReadAnyTextAsync(context.Request, context.RequestAborted);
        }
        catch (InvalidDataException ex)
        {
            return new PostedForm.Unreadable($"The form cannot be read: {ex.Message}");
        }
        catch (BadHttpRequestException ex)
        {
            return new PostedForm.Unreadable($"The form did not arrive whole: {ex.Message}");
        }

        return await antiforgery.IsRequestValidAsync(context) ? new PostedForm.Good(form) : new PostedForm.BadToken(form);
    }

    /// <summary>Reads a form with whatever was typed into it.</summary>
    /// <remarks>
    /// The reader that requests have by default gives a whole form up for one NUL character in it. This one reads it like any other character,
    /// so that the check of the field it stands in can name it, and all that was typed is drawn again.
    /// </remarks>
    private static async Task<IFormCollection> ReadAnyTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } already)
            return already;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase))
            return await request.ReadFormAsync(cancellationToken);
        using var reader = new FormReader(request.Body);
        request.Form = new FormCollection(await reader.ReadFormAsync(cancellationToken));
        return request.Form;
    }

    /// <summary>Checks a token that was read apart from the form, because the form is an upload that must not be gathered in memory.</summary>
    /// <param name="context">The request.</param>
    /// <param name="token">The token, or null to take it from its header.</param>
    public async Task<bool> IsTokenGoodAsync(HttpContext context, string? token)
    {
        // Where there is a header, the check reads no body.
        if (token is not null)
            context.Request.Headers[TokenHeader] = token;
        return await antiforgery.IsRequestValidAsync(context);
    }

    /// <summary>The name of the header that may carry the token.</summary>
    public string TokenHeader => options.Value.HeaderName!;

    /// <summary>The name of the field that carries the token.</summary>
    /// <remarks>Not asked of the tokens: they would be made, and kept, for who the user is now, which signing in is about to change.</remarks>
    public string TokenField => options.Value.FormFieldName;

    /// <summary>Everything in a form but its token, to carry it on to another page.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Keep(IFormCollection form, params ReadOnlySpan<string> except)
    {
        var left = new HashSet<string>(except.ToArray(), StringComparer.Ordinal) { TokenField };
        var kept = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in form)
        {
            if (!left.Contains(name))
                kept.AddRange(values.OfType<string>().Select(value => KeyValuePair.Create(name, value)));
        }

        return kept;
    }

    /// <summary>The one value of a field, or null when it is missing or blank.</summary>
    public static string? Text(IFormCollection form, string name) =>
        form.TryGetValue(name, out StringValues values) && values.ToString() is { Length: > 0 } text ? text : null;
}
