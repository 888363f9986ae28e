using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>What the developers' routes do. Who may, is decided before.</summary>
internal sealed class DeveloperCalls(Applications applications, Consents consents, ApplicationWebhooks webhooks, DeveloperPages pages)
{
    /// <summary>Lists the caller's applications; an administrator's list has everybody's.</summary>
    public Task ListAsync(HttpContext context, HostUser user)
    {
        var own = OwnOf(user);
        return DeveloperPages.IsWanted(context.Request)
            ? pages.ShowAsync(context, own, consents.Of(user.Name))
            : DeveloperJson.WriteAsync(
                context, StatusCodes.Status200OK,
                new ApplicationList([.. own.Select(each => ApplicationAnswer.From(each.Application, each.Webhook, withDeliveries: false))]), DeveloperJson.Readable.ApplicationList);
    }

    /// <summary>Registers an application for the caller: <c>name</c>, <c>description</c>, <c>website</c>, <c>callback</c>, <c>type</c> (<c>web</c> or <c>desktop</c>).</summary>
    public async Task RegisterAsync(HttpContext context, HostUser user)
    {
        if (await ReadAsync(context).ConfigureAwait(false) is not { } input)
            return;
        var result = await applications.RegisterAsync(new NewApplication
        {
            Name = input["name"],
            Description = input["description"],
            Website = input["website"],
            Owner = user.Name,
            RedirectUri = input["callback"],
            IsPublic = input["type"] == "desktop",
        }).ConfigureAwait(false);
        if (result is RegisterResult.Registered registered)
            await ShowNewAsync(context, registered).ConfigureAwait(false);
        else
            await RefuseNewAsync(context, user, input, ((RegisterResult.Refused)result).Faults).ConfigureAwait(false);
    }

    /// <summary>Ends what the caller let an application do for him.</summary>
    public async Task RevokeAsync(HttpContext context, HostUser user, long applicationId)
    {
        var isDone = await consents.RevokeAsync(user.Name, applicationId).ConfigureAwait(false);
        if (isDone && applications.Find(applicationId) is { } application)
            context.NoteAct(AuditSubject.Application(application.Id, application.Name, application.Owner));
        else
            context.NoteNoAct();
        if (DeveloperPages.IsWanted(context.Request))
            DeveloperPages.Redirect(context, DevelopersDoor.Root + "/applications/?done");
        else if (isDone)
            await DoneAsync(context).ConfigureAwait(false);
        else
            await pages.RefuseAsync(context, StatusCodes.Status404NotFound, texts => texts.NoConsents).ConfigureAwait(false);
    }

    /// <summary>Shows one application, with its last ten deliveries.</summary>
    public Task ShowAsync(HttpContext context, HostUser user, ClientApplication application)
    {
        var webhook = webhooks.StateOf(application);
        return DeveloperPages.IsWanted(context.Request)
            ? pages.ShowAsync(context, application, webhook)
            : DeveloperJson.WriteAsync(
                context, StatusCodes.Status200OK, ApplicationAnswer.From(application, webhook, withDeliveries: true), DeveloperJson.Readable.ApplicationAnswer);
    }

    /// <summary>Deletes an application with its webhook and tokens.</summary>
    public async Task DeleteAsync(HttpContext context, HostUser user, ClientApplication application)
    {
        // The webhook first: without the application nobody would find it.
        await webhooks.DeleteAsync(application).ConfigureAwait(false);
        await applications.DeleteAsync(application.Id).ConfigureAwait(false);
        if (DeveloperPages.IsWanted(context.Request))
            DeveloperPages.Redirect(context, DevelopersDoor.Root + "/applications/?done");
        else
            await DoneAsync(context).ConfigureAwait(false);
    }

    /// <summary>Gives it a new secret; what it was given with the former ends.</summary>
    public async Task RenewSecretAsync(HttpContext context, HostUser user, ClientApplication application)
    {
        if (await applications.RenewSecretAsync(application.Id).ConfigureAwait(false) is not { } secret)
            await AnswerAsync(context, application, "A public application has no secret.").ConfigureAwait(false);
        else if (DeveloperPages.IsWanted(context.Request))
            await pages.ShowAsync(context, application, webhooks.StateOf(application), view => view with { SecretHint = view.Texts.SecretOnce, Secret = secret }).ConfigureAwait(false);
        else
            await DoneAsync(context, new DoneAnswer(true) { ClientSecret = secret }).ConfigureAwait(false);
    }

    /// <summary>Gives the webhook a new signing secret.</summary>
    public async Task RenewKeyAsync(HttpContext context, HostUser user, ClientApplication application)
    {
        if (await webhooks.RenewKeyAsync(application).ConfigureAwait(false) is not { } key)
            await AnswerAsync(context, application, "There is no webhook yet. Save its address first.").ConfigureAwait(false);
        else if (DeveloperPages.IsWanted(context.Request))
            await pages.ShowAsync(context, application, webhooks.StateOf(application), view => view with { SecretHint = view.Texts.KeyOnce, Secret = key }).ConfigureAwait(false);
        else
            await DoneAsync(context, new DoneAnswer(true) { HmacKey = key }).ConfigureAwait(false);
    }

    /// <summary>Changes where users are sent back to: <c>callback</c>.</summary>
    public Task MoveAsync(HttpContext context, HostUser user, ClientApplication application) =>
        ChangeAsync(context, application, "callback", input => applications.MoveAsync(application, input["callback"]));

    /// <summary>Sets the webhook's address: <c>webhook</c>.</summary>
    public Task SetUrlAsync(HttpContext context, HostUser user, ClientApplication application) =>
        ChangeAsync(context, application, "webhook", input => webhooks.SetUrlAsync(application, input["webhook"].Trim(), user.Name));

    /// <summary>Deletes the webhook.</summary>
    public async Task DeleteWebhookAsync(HttpContext context, HostUser user, ClientApplication application)
    {
        await webhooks.DeleteAsync(application).ConfigureAwait(false);
        await DoneAsync(context).ConfigureAwait(false);
    }

    /// <summary>Switches the webhook on or off: <c>action</c> is <c>activate</c> or <c>deactivate</c>.</summary>
    public Task SetActiveAsync(HttpContext context, HostUser user, ClientApplication application) =>
        ChangeAsync(context, application, "action", input => input["action"] switch
        {
            "activate" => webhooks.SetActiveAsync(application, isActive: true, user.Name),
            "deactivate" => webhooks.SetActiveAsync(application, isActive: false, user.Name),
            _ => Task.FromResult<string?>("The parameter action must be activate or deactivate."),
        });

    /// <summary>Adds or removes one event: <c>event_name</c> of the address, and <c>action</c>, <c>add</c> or <c>remove</c>.</summary>
    public Task ListenAsync(HttpContext context, HostUser user, ClientApplication application) =>
        ChangeAsync(context, application, "action", input => (context.Request.Query["event_name"].ToString(), input["action"]) switch
        {
            ("", _) => Task.FromResult<string?>("The parameter event_name is missing in the address."),
            var (name, _) when !PhraseanetEvents.IsKnown(name) => Task.FromResult<string?>("The parameter event_name names no event of Phraseanet."),
            (var name, "add") => webhooks.ListenAsync(application, name, isAdded: true, user.Name),
            (var name, "remove") => webhooks.ListenAsync(application, name, isAdded: false, user.Name),
            _ => Task.FromResult<string?>("The parameter action must be add or remove."),
        });

    /// <summary>Sets the whole list: <c>event</c>, once for each, and <c>format</c>.</summary>
    public Task ListenToAllAsync(HttpContext context, HostUser user, ClientApplication application) =>
        ChangeAsync(context, application, null, input => webhooks.ListenAsync(application, input.All("event"), input["format"] == "legacy", user.Name));

    private async Task ChangeAsync(HttpContext context, ClientApplication application, string? required, Func<DeveloperInput, Task<string?>> change)
    {
        if (await ReadAsync(context).ConfigureAwait(false) is not { } input)
            return;
        var fault = required is not null && !input.Has(required) ? $"The parameter {required} is missing." : await change(input).ConfigureAwait(false);
        await AnswerAsync(context, application, fault).ConfigureAwait(false);
    }

    private async Task<DeveloperInput?> ReadAsync(HttpContext context)
    {
        if (await DeveloperInput.ReadAsync(context.Request).ConfigureAwait(false) is { } input)
            return input;
        await pages.RefuseAsync(context, StatusCodes.Status400BadRequest, texts => texts.NotReadable).ConfigureAwait(false);
        return null;
    }

    private async Task AnswerAsync(HttpContext context, ClientApplication application, string? fault)
    {
        if (!DeveloperPages.IsWanted(context.Request))
        {
            await DeveloperJson.WriteAsync(
                context, fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, new DoneAnswer(fault is null, fault), DeveloperJson.Readable.DoneAnswer).ConfigureAwait(false);
        }
        else if (fault is null)
        {
            DeveloperPages.Redirect(context, DevelopersDoor.HrefOf(application.Id) + "?done");
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await pages.ShowAsync(context, application, webhooks.StateOf(application), view => view with { Alarm = fault }).ConfigureAwait(false);
        }
    }

    private Task ShowNewAsync(HttpContext context, RegisterResult.Registered registered)
    {
        var webhook = webhooks.StateOf(registered.Application);
        context.NoteAct(AuditSubject.Application(registered.Application.Id, registered.Application.Name, registered.Application.Owner));
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = DevelopersDoor.HrefOf(registered.Application.Id);
        // The page itself and no redirect: the secret is kept nowhere to be shown later.
        return DeveloperPages.IsWanted(context.Request)
            ? pages.ShowAsync(context, registered.Application, webhook, view => view with { SecretHint = view.Texts.SecretOnce, Secret = registered.Secret })
            : DeveloperJson.WriteAsync(
                context, StatusCodes.Status201Created,
                new DoneAnswer(true) { ClientSecret = registered.Secret, Application = ApplicationAnswer.From(registered.Application, webhook, withDeliveries: false) },
                DeveloperJson.Readable.DoneAnswer);
    }

    private Task RefuseNewAsync(HttpContext context, HostUser user, DeveloperInput input, IReadOnlyList<FieldFault> faults)
    {
        var errors = faults.GroupBy(fault => fault.Field).ToDictionary(group => group.Key, group => group.First().Message);
        if (!DeveloperPages.IsWanted(context.Request))
        {
            var answer = new DoneAnswer(false, string.Join(' ', faults.Select(fault => fault.Message))) { Errors = errors };
            return DeveloperJson.WriteAsync(context, StatusCodes.Status400BadRequest, answer, DeveloperJson.Readable.DoneAnswer);
        }
        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        string[] fields = ["name", "description", "website", "callback", "type"];
        return pages.ShowAsync(context, OwnOf(user), consents.Of(user.Name), view => view with { Errors = errors, Entered = fields.ToDictionary(field => field, field => input[field]) });
    }

    private IEnumerable<(ClientApplication Application, WebhookState Webhook)> OwnOf(HostUser user) =>
        applications.OwnedBy(user.Roles.Contains(Gate.AdminRole) ? null : user.Name).Select(each => (each, webhooks.StateOf(each, withDeliveries: false)));

    private static Task DoneAsync(HttpContext context, DoneAnswer? answer = null) =>
        DeveloperJson.WriteAsync(context, StatusCodes.Status200OK, answer ?? new DoneAnswer(true), DeveloperJson.Readable.DoneAnswer);
}
