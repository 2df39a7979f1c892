using System.Text.Json;
using Azure.Messaging;
using ClipiaFlows.Manifests;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Stores;

/// <summary>The longest texts that are allowed, as they are stored, against the 32,768 characters of a column.</summary>
public sealed class StoredLengthTests
{
    private const int Column = 32 * 1024;

    public static TheoryData<string> Characters => ["a", "é", "<", "&", "\"", "\\", "+", "'", "東", "🎉", "\u3000", "\u00A0", "\uE000", "\u0378", "\u200B", "𠮷"];

    [Theory, MemberData(nameof(Characters))]
    public void Write_TheLongestTags_FitAColumn(string character)
    {
        var value = string.Concat(Enumerable.Repeat(character, 256));
        var tags = Enumerable.Range(0, 50).ToDictionary(n => $"{new string('t', 62)}{n:D2}", _ => value);

        var stored = StoredJson.Write(tags);

        Assert.InRange(stored.Length, 1, Column);
        Assert.Equal(tags, JsonSerializer.Deserialize<Dictionary<string, string>>(stored));
    }

    [Theory]
    [InlineData("\\u00e9")]
    [InlineData("\\\\u00e9\\")]
    [InlineData("\u0000\u001F\u007F\u0080\u2028")]
    [InlineData("\"\\\"\r\n\t")]
    public void Write_TextThatLooksEscaped_IsReadAsItWas(string text) => Assert.Equal(text, JsonSerializer.Deserialize<string>(StoredJson.Write(text)));

    [Theory, MemberData(nameof(Characters))]
    public void Write_TenOfTheLongestAddresses_FitAColumn(string character)
    {
        var longest = "https://example.com/0?";
        while (WebhookAddress.Objection(longest + character) is null)
            longest += character;
        var addresses = Enumerable.Range(0, 10).Select(n => longest.Replace("/0?", $"/{n}?", StringComparison.Ordinal));
        var notify = JsonSerializer.Serialize(addresses.Select(webhook => new { webhook }));
        var manifest = $$$"""{"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"p"}}],"notify":{{{notify}}} }""";

        var reading = ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(manifest));

        Assert.Empty(reading.Problems);
        Assert.Equal(10, reading.Manifest!.Notify.Count);
        Assert.InRange(StoredJson.Write(reading.Manifest.Notify).Length, 1, Column);
    }

    [Theory, MemberData(nameof(Characters))]
    public void Write_ManyLongVariables_AreCutForTheRow(string character)
    {
        var variables = Enumerable.Range(0, 20).ToDictionary(n => $"v{n}", _ => string.Concat(Enumerable.Repeat(character, 50_000)));

        Assert.InRange(ListedVariables.Write(variables)!.Length, 1, 4000);
        Assert.Null(ListedVariables.Write(new Dictionary<string, string>()));
        Assert.Equal("{\"a\":\"東\"}", ListedVariables.Write(new Dictionary<string, string> { ["a"] = "東" }));
    }

    [Theory]
    [InlineData("🎉", 1999)]
    [InlineData("🎉", 2000)]
    public void Cut_InTheMiddleOfACharacter_LeavesItOut(string character, int before)
    {
        var cut = StoredText.Cut(new string('a', before) + character)!;

        Assert.False(char.IsHighSurrogate(cut[^1]));
        Assert.InRange(cut.Length, before, StoredText.MaxMessageLength);
    }

    [Fact]
    public void Write_EventOfTheLongestData_FitsAQueueMessage()
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(new { message = string.Concat(Enumerable.Repeat("é", EventWriter.LongestData / 2 - 20)) }, ClipiaFlows.Delivery.ResultJson.Options);

        var written = EventJson.Write(new CloudEvent("/batches/a", "com.clipiaflows.batch.completed", new BinaryData(data), "application/json", CloudEventDataFormat.Json));

        Assert.InRange(written.Length, data.Length, 48 * 1024);
    }
}
