using System.Globalization;

namespace SampleHost.EditPage;

/// <summary>Addresses of the edit page.</summary>
internal static class EditHref
{
    /// <summary>The edit page of a record.</summary>
    /// <param name="id">The record's id.</param>
    /// <param name="review">Whether an upload is being looked through.</param>
    /// <param name="query">What else the page is to know, as <c>name=value</c> with an encoded value, or null.</param>
    public static string Of(long id, bool review, string? query = null)
    {
        var path = $"/records/{id.ToString(CultureInfo.InvariantCulture)}/edit";
        return (review, query) switch
        {
            (false, null) => path,
            (false, _) => $"{path}?{query}",
            (true, null) => $"{path}?review=1",
            (true, _) => $"{path}?review=1&{query}",
        };
    }
}
