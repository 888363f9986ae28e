using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using SampleHost.Accounts;

namespace Host.Tests.Api;

/// <summary>Users ask for access and order records; administrators decide, and each decision is logged and takes effect.</summary>
public sealed class DeskTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Get<Collections>().CreateAsync("letters", "Letters", CancellationToken.None);
        await _host.Get<Collections>().CreateAsync("maps", "Maps", CancellationToken.None);
        await _host.AddUserAsync("mapadmin", [], new() { ["maps"] = ["admin"] });
        await _host.AddUserAsync("outsider", []);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Access_is_granted_by_an_admin_of_the_collection_and_takes_effect_at_once()
    {
        var record = await InsertPrivateAsync("maps");
        using (var hidden = await _host.Client("outsider").GetAsync($"/api/records/{record}"))
            await Answer.ProblemAsync(hidden, 404);
        var asked = await AskAsync("outsider", "maps");
        Assert.Equal("pending", asked.GetProperty("state").GetString());

        using var granted = await DecideAsync("mapadmin", asked, "grant");
        var decided = await Answer.JsonAsync(granted, 200);
        Assert.Equal(("granted", "mapadmin"), (decided.GetProperty("state").GetString(), decided.GetProperty("decidedBy").GetString()));
        using var seen = await _host.Client("outsider").GetAsync($"/api/records/{record}");
        await Answer.JsonAsync(seen, 200);

        var change = (await ChangesAsync())[^1];
        Assert.Equal((ChangeKind.RegistrationGranted, "mapadmin", "outsider"), (change.Kind, change.Actor.UserName, change.User!.Name));
        Assert.Equal("outsider@example.org", change.User.Email);
        Assert.Equal(new CollectionRef(2, "maps"), change.Registration!.Collection);
        Assert.Equal(asked.GetProperty("id").GetInt64(), change.Registration.Id);
    }

    [Fact]
    public async Task Access_refused_gives_nothing_and_may_be_asked_for_again()
    {
        var asked = await AskAsync("outsider", "maps");
        using var twice = await _host.Client("outsider").PostAsJsonAsync("/api/registrations", new { collection = "maps" });
        await Answer.ProblemAsync(twice, 409);
        using var rejected = await DecideAsync("admin", asked, "reject");
        await Answer.JsonAsync(rejected, 200);
        using var late = await DecideAsync("admin", asked, "grant");
        await Answer.ProblemAsync(late, 409);
        Assert.Empty(_host.Get<Users>().Find("outsider")!.CollectionRoles);
        await AskAsync("outsider", "maps");
        Assert.Equal([ChangeKind.RegistrationRejected], (await ChangesAsync()).Select(change => change.Kind));
    }

    [Fact]
    public async Task Who_is_no_admin_of_the_collection_decides_nothing_and_sees_his_own_only()
    {
        var letters = await AskAsync("outsider", "letters");
        using var self = await DecideAsync("outsider", letters, "grant");
        await Answer.ProblemAsync(self, 403);
        using var elsewhere = await DecideAsync("mapadmin", letters, "grant");
        await Answer.ProblemAsync(elsewhere, 404);
        using var editor = await DecideAsync("editor", letters, "reject");
        await Answer.ProblemAsync(editor, 404);
        using var unknown = await _host.Client("outsider").PostAsJsonAsync("/api/registrations", new { collection = "ghosts" });
        await Answer.ProblemAsync(unknown, 422);
        using var has = await _host.Client("mapadmin").PostAsJsonAsync("/api/registrations", new { collection = "maps" });
        await Answer.ProblemAsync(has, 409);

        await AskAsync("viewer", "maps");
        Assert.Equal(["letters"], await ListAsync("outsider", "registrations", "collection"));
        Assert.Equal(["maps"], await ListAsync("mapadmin", "registrations", "collection"));
        Assert.Equal(["letters", "maps"], await ListAsync("admin", "registrations", "collection"));
        Assert.Equal([], await ListAsync("admin", "registrations?state=granted", "collection"));
        Assert.Empty(await ChangesAsync());
    }

    [Theory]
    [InlineData("deliver", "delivered", ChangeKind.OrderDelivered)]
    [InlineData("deny", "denied", ChangeKind.OrderDenied)]
    public async Task An_order_is_made_and_decided_once(string decision, string state, ChangeKind kind)
    {
        var first = (await _host.InsertAsync(new { title = "One" })).GetProperty("id").GetInt64();
        var second = (await _host.InsertAsync(new { title = "Two" })).GetProperty("id").GetInt64();
        using var created = await _host.Viewer.PostAsJsonAsync("/api/orders", new { records = new[] { second, first, second }, note = "As prints" });
        var order = await Answer.JsonAsync(created, 201);
        Assert.Equal([second, first], order.GetProperty("records").EnumerateArray().Select(id => id.GetInt64()));

        using var self = await _host.Viewer.PostAsync($"/api/orders/{order.GetProperty("id")}/{decision}", null);
        await Answer.ProblemAsync(self, 403);
        using var other = await _host.Editor.PostAsync($"/api/orders/{order.GetProperty("id")}/{decision}", null);
        await Answer.ProblemAsync(other, 404);
        using var decided = await _host.Admin.PostAsync($"/api/orders/{order.GetProperty("id")}/{decision}", null);
        Assert.Equal(state, (await Answer.JsonAsync(decided, 200)).GetProperty("state").GetString());
        using var again = await _host.Admin.PostAsync($"/api/orders/{order.GetProperty("id")}/deliver", null);
        await Answer.ProblemAsync(again, 409);

        var changes = (await ChangesAsync()).Skip(2).ToList();
        Assert.Equal([(ChangeKind.OrderCreated, "viewer", "pending"), (kind, "admin", state)], changes.Select(change => (change.Kind, change.Actor.UserName, change.Order!.State)));
        Assert.All(changes, change => Assert.Equal([second, first], change.Order!.RecordIds));
        Assert.All(changes, change => Assert.Equal("viewer@example.org", change.Order!.User.Email));
        Assert.Equal(["viewer"], await ListAsync("viewer", "orders", "user"));
        Assert.Equal([], await ListAsync("editor", "orders", "user"));
        Assert.Equal(["viewer"], await ListAsync("admin", $"orders?state={state}", "user"));
    }

    [Fact]
    public async Task What_a_user_may_not_see_he_may_not_order()
    {
        var hidden = await InsertPrivateAsync("maps");
        using var refused = await _host.Viewer.PostAsJsonAsync("/api/orders", new { records = new[] { hidden } });
        Assert.Contains($"{hidden}", (await Answer.ProblemAsync(refused, 422)).GetProperty("errors").GetProperty("records")[0].GetString());
        using var nothing = await _host.Viewer.PostAsJsonAsync("/api/orders", new { records = Array.Empty<long>() });
        await Answer.ProblemAsync(nothing, 422);
        Assert.Equal([ChangeKind.RecordInserted], (await ChangesAsync()).Select(change => change.Kind));
        Assert.Equal([], await ListAsync("admin", "orders", "user"));
    }

    private async Task<long> InsertPrivateAsync(string collection)
    {
        using var inserted = await _host.Admin.PostAsJsonAsync("/api/records", new { title = "Chart", collection, @private = true });
        return (await Answer.JsonAsync(inserted, 201)).GetProperty("id").GetInt64();
    }

    private async Task<JsonElement> AskAsync(string user, string collection)
    {
        using var asked = await _host.Client(user).PostAsJsonAsync("/api/registrations", new { collection, note = "For my thesis" });
        return await Answer.JsonAsync(asked, 201);
    }

    private Task<HttpResponseMessage> DecideAsync(string user, JsonElement registration, string decision) =>
        _host.Client(user).PostAsync($"/api/registrations/{registration.GetProperty("id")}/{decision}", null);

    private async Task<List<string?>> ListAsync(string user, string path, string property)
    {
        using var response = await _host.Client(user).GetAsync($"/api/{path}");
        var page = await Answer.JsonAsync(response, 200);
        return [.. page.GetProperty(path.Split('?')[0]).EnumerateArray().Select(one => one.GetProperty(property).GetString())];
    }

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
