namespace Plugin.ApiWebhooks.Clients;

/// <summary>What an application asks of a user (RFC 6749, section 4.1.1), after it was checked.</summary>
internal sealed record AuthorizationRequest
{
    private const int LongestState = 4000;

    public required ClientApplication Application { get; init; }

    /// <summary>The redirect address as the request names it; null when it names none.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>What the application gets back as it sent it; null for nothing.</summary>
    public string? State { get; init; }

    /// <summary>The PKCE challenge, or null.</summary>
    public string? Challenge { get; init; }

    /// <summary>Checks the parameters of a request.</summary>
    /// <param name="form">The parameters.</param>
    /// <param name="find">Finds an application by its public name.</param>
    public static AuthorizationReading Read(OAuthForm form, Func<string, ClientApplication?> find)
    {
        // 1. Until application and address are sure, nobody is sent anywhere: the address may be an attacker's.
        if (form.Repeated is "client_id" or "redirect_uri")
            return new AuthorizationReading.Untrusted($"The parameter {form.Repeated} stands there more than once.");
        if (form["client_id"] is not { } clientId || find(clientId) is not { } application)
            return new AuthorizationReading.Untrusted("The application that sent you here is not known.");
        if (!application.ByCode)
            return new AuthorizationReading.Untrusted("The application that sent you here has no address to send you back to.");
        if (form["redirect_uri"] is { } address && address != application.RedirectUri)
            return new AuthorizationReading.Untrusted("The address to send you back to is not the one that the application registered.");
        // 2. From here on the application is told itself.
        var request = new AuthorizationRequest
        {
            Application = application,
            RedirectUri = form["redirect_uri"],
            State = form["state"] is { Length: <= LongestState } state ? state : null,
            Challenge = form["code_challenge"],
        };
        return FindError(form, application) is { } error
            ? new AuthorizationReading.Faulty(request, error)
            : new AuthorizationReading.Good(request);
    }

    /// <summary>Where the user goes with an answer.</summary>
    public string AnswerAddress(params ReadOnlySpan<KeyValuePair<string, string>> parameters)
    {
        var all = new List<KeyValuePair<string, string>>(parameters.Length + 1);
        all.AddRange(parameters);
        if (State is not null)
            all.Add(new("state", State));
        return RedirectAddress.With(Application.RedirectUri, all);
    }

    /// <summary>Where the user goes with an error.</summary>
    public string AnswerAddress(OAuthError error) => AnswerAddress(new("error", error.Code), new("error_description", error.Description));

    private static OAuthError? FindError(OAuthForm form, ClientApplication application)
    {
        var challenge = form["code_challenge"];
        if (form.Repeated is not null)
            return OAuthError.InvalidRequest("A parameter stands there more than once.");
        if (form["response_type"] is not { } type)
            return OAuthError.InvalidRequest("The parameter response_type is missing.");
        if (type != "code")
            return new OAuthError("unsupported_response_type", "The only response_type is code.");
        if (form["state"] is { Length: > LongestState })
            return OAuthError.InvalidRequest($"The parameter state is longer than {LongestState} characters.");
        if (challenge is null && application.IsPublic)
            return OAuthError.InvalidRequest("A public application must send code_challenge (PKCE).");
        if (challenge is null && form["code_challenge_method"] is null)
            return null;
        return form["code_challenge_method"] == "S256" && challenge is not null && Pkce.IsChallenge(challenge)
            ? null
            : OAuthError.InvalidRequest("The only code_challenge_method is S256, with a code_challenge of 43 characters.");
    }
}

/// <summary>What a request for authorization comes to.</summary>
internal abstract record AuthorizationReading
{
    private AuthorizationReading()
    {
    }

    /// <summary>It may be put before the user.</summary>
    public sealed record Good(AuthorizationRequest Request) : AuthorizationReading;

    /// <summary>The application is told what is wrong.</summary>
    public sealed record Faulty(AuthorizationRequest Request, OAuthError Error) : AuthorizationReading;

    /// <summary>Nobody is sent anywhere; the user is told.</summary>
    public sealed record Untrusted(string Reason) : AuthorizationReading;
}
