using Clipia;
using Clipia.Shared;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Media;
using ClipiaFlows.Notifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Settings;

/// <summary>A key or secret that was copied with something around it is refused by name, and never repeated.</summary>
public sealed class SecretFlawTests
{
    private const string Good = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData(Good + "\r", "ends with a line break (U+000D)")]
    [InlineData(Good + "\n", "ends with a line break (U+000A)")]
    [InlineData(" " + Good, "begins with a space (U+0020)")]
    [InlineData(Good + "\u00a0", "ends with a space (U+00A0)")]
    [InlineData("\ufeff" + Good, "begins with a byte order mark (U+FEFF)")]
    [InlineData(Good + "\u200b", "ends with an invisible character (U+200B)")]
    [InlineData("\u201c" + Good + "\u201d", "begins with a typographic quotation mark (U+201C)")]
    [InlineData("\"" + Good + "\"", "begins with a quotation mark (U+0022)")]
    [InlineData("whsec_AAAA AAAA", "contains a space (U+0020)")]
    [InlineData("whsec_\u00e9", "contains a character outside ASCII (U+00E9)")]
    [InlineData("Bearer " + Good, "begins with 'Bearer', which is added when it is sent")]
    [InlineData("<your key>", "still holds a placeholder instead of a value")]
    [InlineData("whsec_...", "still holds a placeholder instead of a value")]
    [InlineData(Good, null)]
    [InlineData("", null)]
    public void Flaw_OfASecret_NamesTheCharacterAndItsPlace(string secret, string? expected) => Assert.Equal(expected, SecretText.Flaw(secret));

    [Theory]
    [InlineData("UseDevelopmentStorage=true\r\n", "ends with a line break (U+000A)")]
    [InlineData("UseDevelopmentStorage=true;\u00a0", "ends with a space (U+00A0)")]
    [InlineData("\ufeffUseDevelopmentStorage=true", "begins with a byte order mark (U+FEFF)")]
    [InlineData("AccountName=a\u200b;AccountKey=b", "contains an invisible character (U+200B)")]
    [InlineData("AccountName=a;\nAccountKey=b", "contains a line break (U+000A)")]
    [InlineData("\u00abUseDevelopmentStorage=true\u00bb", "begins with a typographic quotation mark (U+00AB)")]
    [InlineData("'UseDevelopmentStorage=true'", "begins with a quotation mark (U+0027)")]
    [InlineData("AccountName=...;AccountKey=...", "still holds a placeholder instead of a value")]
    [InlineData("<connection string>", "still holds a placeholder instead of a value")]
    [InlineData("Endpoint=sb://a b;Name=\u00e9", null)]
    public void FlawOfText_NamesTheCharacterAndItsPlace(string text, string? expected) =>
        Assert.Equal(expected, SecretText.FlawOfText(text));

    public static TheoryData<string, string> Copied { get; } = Copies();

    [Theory]
    [MemberData(nameof(Copied))]
    public void Start_SecretWithSomethingAroundIt_NamesTheSettingAndNotTheValue(string setting, string pattern)
    {
        var refused = Assert.ThrowsAny<Exception>(() => ReadAll(new() { [setting] = pattern.Replace("KEY", Good, StringComparison.Ordinal) }));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
        Assert.Matches("(begins|ends) with a", refused.Message);
        Assert.DoesNotContain("AAAA", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SecretsThatAreWhole_AreTaken() => ReadAll(new()
    {
        ["Clipia:WebhookSecret"] = Good, ["Clipia:PreviousWebhookSecret"] = Good, ["Callbacks:Key"] = "a passphrase of one's own, \u00e9", ["Notifications:WebhookSecret"] = Good,
    });

    private static TheoryData<string, string> Copies()
    {
        string[] settings =
        [
            "Clipia:ApiKey", "Clipia:WebhookSecret", "Clipia:PreviousWebhookSecret", "Callbacks:Key", "Callbacks:PreviousKey", "Notifications:WebhookSecret",
            "Notifications:EventGridKey", "Notifications:QueueConnectionString", "Outputs:ConnectionString", "AzureWebJobsStorage",
        ];
        string[] patterns =
        [
            "KEY\r", "KEY\n", "KEY\r\n", " KEY", "KEY\t", "KEY\u00a0", "\ufeffKEY", "\u200bKEY", "KEY\u2060", "\u201cKEY\u201d", "\u2018KEY\u2019", "\u00abKEY\u00bb", "\"KEY\"", "'KEY'",
        ];
        var copies = new TheoryData<string, string>();
        foreach (var setting in settings)
        {
            foreach (var pattern in patterns)
                copies.Add(setting, pattern);
        }

        return copies;
    }

    private static void ReadAll(Dictionary<string, string?> given)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Clipia:ApiKey"] = "clipia_test_a" })
            .AddInMemoryCollection(given)
            .Build();
        using var services = new ServiceCollection().AddClipiaFlows(configuration).BuildServiceProvider();
        _ = services.GetRequiredService<IOptions<ClipiaClientOptions>>().Value;
        _ = services.GetRequiredService<IOptions<CallbackOptions>>().Value;
        _ = services.GetRequiredService<IOptions<NotificationOptions>>().Value;
        _ = services.GetRequiredService<IOptions<OutputOptions>>().Value;
        _ = services.GetRequiredService<ClipiaFlows.Stores.StorageAccount>();
    }
}
