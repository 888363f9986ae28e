using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Host.Tests.Pages;

namespace Interop.Tests.ResourceSpace;

/// <summary>
/// A site moves over from ResourceSpace: its configuration is imported as it is, and the script that its first button called works on, with the new site's API in place of
/// the old. The script does what the example of the plugin's documentation does.
/// </summary>
public sealed class ButtonJourneyTests(InteropHost site) : IClassFixture<InteropHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_imported_button_fetches_the_data_of_the_number_that_was_just_typed()
    {
        await ImportAsync();
        var id = (await site.InsertAsync(new { title = "Still to be described" })).GetProperty("id").GetInt64();
        using var editor = await Visitor.SignInAsync(site, "editor");
        var page = await editor.GetAsync($"/records/{id}/edit");
        Assert.Equal(["↺ Fetch object data from CMS", "↺ Push image to CMS"], page.Html.All("button").Where(button => button.Attribute("name") == "press").Select(button => button.Text));

        var form = page.Html.Form("edit");
        form["f.cmsid"] = "CM 12/7";
        var answer = await editor.SubmitAsync(form, form.Button("Fetch object data from CMS"));
        page = await editor.GetAsync(answer.Location!);

        Assert.Equal("Data of CM 12/7", page.Html.Form("edit")["f.title"]);
        var call = Assert.Single(site.Receiver.To("/plugins/cms/fetch.php"), request => request.Text == $"{id}");
        Assert.Equal($"/plugins/cms/fetch.php?resource_id={id}", call.Target);
        Assert.Equal(["Connection", "Content-Length", "Content-Type", "Host"], call.Headers.Select(header => header.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("POST", "application/x-www-form-urlencoded"), (call.Method, call.Header("Content-Type")));
    }

    [Fact]
    public async Task The_same_script_fills_the_upload_template_of_the_user_whose_key_it_has()
    {
        await ImportAsync();
        using var editor = await Visitor.SignInAsync(site, "editor");
        var upload = await editor.GetAsync("/upload");
        var template = upload.Html.All("a").First(link => link.Text == "Change the defaults").Attribute("href")!;
        var form = (await editor.GetAsync(template)).Html.Form("edit");
        form["f.cmsid"] = "CM 13";
        var page = await editor.GetAsync((await editor.SubmitAsync(form, form.Button("Fetch object data from CMS"))).Location!);

        Assert.Equal("Data of CM 13", page.Html.Form("edit")["f.title"]);
        Assert.Contains(site.Receiver.To("/plugins/cms/fetch.php"), request => request.Text.StartsWith('-') && request.Target.EndsWith("?resource_id=" + request.Text, StringComparison.Ordinal));
    }

    /// <summary>Posts the old configuration and puts the answer into config.json, as an administrator does; waits until it is in force.</summary>
    private async Task ImportAsync()
    {
        site.Receiver.Answer = RunScript;
        var php = $$"""
            <?php
            ###############################
            ## Our site. Keep a copy!
            ###############################
            $mysql_server = 'localhost'; $mysql_password = "it's \"secret\" $5";
            $baseurl = 'https://dam.example.org';
            $plugins[] = 'api_webhooks';
            $api_webhooks_urls = array(
                array("location"=>"edit", "buttontext"=>"~en:Fetch object data from CMS~fr:Récupérer", "url"=>"{{site.Receiver.Address("/plugins/cms/fetch.php")}}?resource_id="),
                array("location"=>"edit", "buttontext"=>"Push image to CMS", "url"=>"{{site.Receiver.Address("/plugins/cms/push.php")}}?resource_id="),
            );
            """;
        using var content = new StringContent(php, Encoding.UTF8, "text/plain");
        using var answer = await site.Client("admin").PostAsync("/api/webhooks/buttons/import", content);
        var imported = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Contains("network.allow", imported["warnings"]![0]!["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        var config = new JsonObject
        {
            ["buttons"] = imported["buttons"]!.DeepClone(),
            ["network"] = new JsonObject { ["allow"] = new JsonArray(site.Receiver.BaseUri.Authority) },
        };
        await File.WriteAllTextAsync(Path.Combine(site.Host.PluginsDirectory, "ApiWebhooks", "config.json"), config.ToJsonString());
        await WaitUntilInForceAsync();
    }

    private async Task WaitUntilInForceAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!(await site.Client("admin").GetStringAsync("/plugins/ApiWebhooks/buttons", patience.Token)).Contains("Push image to CMS", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
    }

    // 1. Reads the number that was just typed, by the id that came. 2. Looks it up. 3. Writes what it found. 4. The page, still waiting, shows it.
    private Reply RunScript(ReceivedRequest request)
    {
        if (request.Path != "/plugins/cms/fetch.php")
            return new Reply(404);
        var path = $"/api/records/{request.Target.Split('=')[1]}";
        using var read = new HttpRequestMessage(HttpMethod.Get, path);
        using var record = Call(read);
        using var json = JsonDocument.Parse(record.Content.ReadAsStream());
        var number = json.RootElement.GetProperty("fields").GetProperty("cmsid")[0].GetString();
        using var write = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { title = $"Data of {number}" }) };
        using var written = Call(write);
        return new Reply(written.IsSuccessStatusCode ? 200 : 500);
    }

    private HttpResponseMessage Call(HttpRequestMessage request) => site.Client("editor").Send(request);
}
