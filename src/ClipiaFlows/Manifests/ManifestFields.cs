namespace ClipiaFlows.Manifests;

/// <summary>The fields of every object of a manifest. A test keeps <c>manifest.schema.json</c> equal to them.</summary>
internal static class ManifestFields
{
    public static readonly string[] Root =
        ["$schema", "version", "id", "name", "tags", "defaults", "matrix", "jobs", "policy"];

    public static readonly string[] Defaults = ["model", "input", "output"];

    public static readonly string[] Job = ["id", "model", "input", "needs", "count", "priority", "output"];

    public static readonly string[] Output = ["path"];

    public static readonly string[] Policy = ["maxConcurrency", "retries", "reuse"];
}
