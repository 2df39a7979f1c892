using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ManifestSchemaTests
{
    private static readonly JsonElement Schema = Parse();

    // Definitions that are no objects with fields of their own.
    private static readonly string[] Values = ["model", "matrix", "matrixEntry", "value", "variable", "variableOrRule", "duration"];

    public static TheoryData<string, string[]> Objects() => new()
    {
        { "", ManifestFields.Root },
        { "defaults", ManifestFields.Defaults },
        { "job", ManifestFields.Job },
        { "output", ManifestFields.Output },
        { "policy", ManifestFields.Policy },
        { "approval", ManifestFields.Approval },
        { "notification", ManifestFields.Notification },
    };

    [Theory, MemberData(nameof(Objects))]
    public void Properties_OfEveryObject_AreThoseOfTheReader(string definition, string[] known) =>
        Assert.Equal(known, At(definition).GetProperty("properties").EnumerateObject().Select(member => member.Name));

    [Theory, MemberData(nameof(Objects))]
    public void Properties_OfEveryObject_AreClosedAndDescribed(string definition, string[] known)
    {
        Assert.False(At(definition).GetProperty("additionalProperties").GetBoolean());
        foreach (var name in known)
        {
            var property = At(definition).GetProperty("properties").GetProperty(name);
            var described = property.TryGetProperty("$ref", out var to) ? At(to.GetString()!["#/$defs/".Length..]) : property;
            Assert.NotEmpty(described.GetProperty("description").GetString()!);
        }
    }

    [Fact]
    public void Definitions_All_AreHeldAgainstTheReader() =>
        Assert.Equal(
            Objects().Select(row => (string)row[0]).Where(name => name.Length > 0).Concat(Values).Order(),
            Schema.GetProperty("$defs").EnumerateObject().Select(member => member.Name).Order());

    private static JsonElement At(string definition) =>
        definition.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(definition);

    private static JsonElement Parse()
    {
        using var stream = ManifestSchema.Open();
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }
}
