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
    [InlineData("Clipia:ApiKey")]
    [InlineData("Clipia:WebhookSecret")]
    [InlineData("Clipia:PreviousWebhookSecret")]
    [InlineData("Callbacks:Key")]
    [InlineData("Callbacks:PreviousKey")]
    [InlineData("Notifications:WebhookSecret")]
    [InlineData("Notifications:EventGridKey")]
    [InlineData("Notifications:QueueConnectionString")]
    [InlineData("Outputs:ConnectionString")]
    [InlineData("AzureWebJobsStorage")]
    public void Start_SecretEndsWithALineBreak_NamesTheSettingAndNotTheValue(string setting)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Clipia:ApiKey"] = "clipia_test_a", [setting] = Good + "\r",
        }).Build();
        using var services = new ServiceCollection().AddClipiaFlows(configuration).BuildServiceProvider();

        var refused = Assert.ThrowsAny<Exception>(() =>
        {
            _ = services.GetRequiredService<IOptions<ClipiaClientOptions>>().Value;
            _ = services.GetRequiredService<IOptions<CallbackOptions>>().Value;
            _ = services.GetRequiredService<IOptions<NotificationOptions>>().Value;
            _ = services.GetRequiredService<IOptions<OutputOptions>>().Value;
            _ = services.GetRequiredService<ClipiaFlows.Stores.StorageAccount>();
        });

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
        Assert.Contains("ends with a line break (U+000D)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", refused.Message, StringComparison.Ordinal);
    }
}
