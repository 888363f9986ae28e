using Plugin.ApiWebhooks.Buttons;

namespace Plugin.Tests.Buttons;

/// <summary>Every row of what ResourceSpace's own function was seen to answer, and its own nine tests.</summary>
public sealed class ButtonLabelTests
{
    [Theory]
    [InlineData("~en:Push~fr:Envoyer", "fr", "en", "Envoyer")]
    [InlineData("~en:Push~fr:Envoyer", "de", "en", "Push")]
    [InlineData("~en:Push~fr:Envoyer", "fr-CA", "en", "Push")]
    [InlineData("~en:Push~fr:Envoyer", "pt-BR", null, "Push")]
    [InlineData("~fr:Envoyer~es:Enviar", "de", "en", "Envoyer")]
    [InlineData("~FR:Envoyer~EN:Push", "fr", "en", "Envoyer")]
    [InlineData("~en-US:Color~en:Colour", "en-US", "en", "Color")]
    [InlineData("~en:Colour", "en-US", "en", "Colour")]
    [InlineData("~zh-CN:推~en:Push", "zh-cn", "en", "推")]
    [InlineData("~fil:Ipadala~en:Push", "en", "en", "~fil:Ipadala~en:Push")]
    [InlineData("~en:Push~fil:Ipadala", "en", "en", "Push")]
    [InlineData("~en:Push~fil:Ipadala", "de", "en", "~en:Push~fil:Ipadala")]
    [InlineData("Pay ~ 5", "en", "en", "Pay ~ 5")]
    [InlineData("Label~en:Push", "de", "en", "Push")]
    [InlineData("~:Any~fr:F", "de", "en", "Any")]
    [InlineData("~en:~fr:Envoyer", "en", "en", "")]
    [InlineData("~en:~fr:Envoyer", "de", "en", "~en:~fr:Envoyer")]
    [InlineData("~en:Time 10:30~fr:Heure 10:30", "fr", "en", "Heure 10:30")]
    [InlineData("~de:X~en:A~en:B", "fr", "en", "B")]
    [InlineData("~en:A~en:B", "en", "en", "A")]
    [InlineData("~en:a ~ b", "en", "en", "a ")]
    [InlineData("~en:a ~ b", "de", "en", "~en:a ~ b")]
    [InlineData("~en: Push ~fr: Envoyer ", "fr", "en", " Envoyer ")]
    [InlineData("~", "en", "en", "~")]
    [InlineData("", "en", "en", "")]
    [InlineData(null, "en", "en", "")]
    [InlineData("  ", "en", "en", "  ")]
    [InlineData("Plain", "fr", "en", "Plain")]
    public void The_language_is_chosen_as_ResourceSpace_chooses_it(string? text, string language, string? defaultLanguage, string expected) =>
        Assert.Equal(expected, ButtonLabel.Choose(text, language, defaultLanguage));
}
