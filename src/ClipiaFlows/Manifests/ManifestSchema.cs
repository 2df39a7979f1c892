namespace ClipiaFlows.Manifests;

/// <summary>The JSON Schema (2020-12) of manifests, for editors. The reader decides; a test keeps the two equal.</summary>
public static class ManifestSchema
{
    private const string Resource = "ClipiaFlows.Manifests.manifest.schema.json";

    /// <summary>Opens the schema, JSON in UTF-8.</summary>
    public static Stream Open() => typeof(ManifestSchema).Assembly.GetManifestResourceStream(Resource)!;
}
