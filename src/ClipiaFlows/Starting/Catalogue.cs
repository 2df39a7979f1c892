using System.Collections.Concurrent;
using System.Text.Json;
using Clipia;
using ClipiaFlows.Planning;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Starting;

/// <summary>What the API says of its models, kept for ten minutes.</summary>
public sealed class Catalogue(ClipiaClient clipia, IOptions<ClipiaClientOptions> options, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, ModelDescription> _described = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<Model> _models = [];
    private DateTimeOffset _goodUntil;

    /// <summary>All models, those that a manifest may use with the schema of their input.</summary>
    /// <exception cref="ClipiaException">The API cannot tell now, or refuses the key.</exception>
    public async Task<Planning.ModelCatalogue> ForAsync(ModelMentions mentions, CancellationToken cancellation)
    {
        if (time.GetUtcNow() >= _goodUntil)
        {
            _models = [.. (await clipia.Models.ListAsync(cancellation)).Generation];
            _described.Clear();
            _goodUntil = time.GetUtcNow() + GoodFor;
        }

        var descriptions = await Task.WhenAll(_models.Select(model =>
            mentions.MayBe(model.Slug!)
                ? DescribeAsync(model.Slug!, cancellation)
                : Task.FromResult(WithoutSchema(model))));
        return new Planning.ModelCatalogue(descriptions) { FetchesPrivateAddresses = options.Value.BaseUrl.IsLoopback };
    }

    private async Task<ModelDescription> DescribeAsync(string slug, CancellationToken cancellation)
    {
        if (_described.TryGetValue(slug, out var known))
            return known;
        var model = await clipia.Models.GetAsync(slug, cancellation);
        var fields = (model.InputSchema ?? new Dictionary<string, Clipia.InputField>())
            .ToDictionary(field => field.Key, field => FieldOf(field.Value), StringComparer.Ordinal);
        return _described[slug] = WithoutSchema(model) with { Slug = slug, Input = fields };
    }

    private static ModelDescription WithoutSchema(Model model) =>
        new(model.Slug!, model.Type, new Dictionary<string, Planning.InputField>());

    private static Planning.InputField FieldOf(Clipia.InputField field) => new()
    {
        Type = field.Type,
        Format = Text(field.Raw, "format") ?? Text(Member(field.Raw, "items"), "format"),
        Required = field.Required && field.Default is null,
        Default = field.Default,
        Enum = field.AllowedValues.Count == 0 ? null : field.AllowedValues,
        Minimum = Number(field.Raw, "minimum"),
        Maximum = Number(field.Raw, "maximum"),
        MaxItems = (int?)Number(field.Raw, "max_items"),
    };

    private static string? Text(JsonElement descriptor, string key) =>
        Member(descriptor, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static decimal? Number(JsonElement descriptor, string key) =>
        Member(descriptor, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    private static JsonElement Member(JsonElement descriptor, string key) =>
        descriptor.ValueKind is JsonValueKind.Object && descriptor.TryGetProperty(key, out var value) ? value : default;
}
