namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>All mistakes planted at once, compiled once: a compilation takes seconds.</summary>
public sealed class CompiledMistakes
{
    private readonly Lazy<Task<IReadOnlyList<string>>> _diagnostics = new(CompileAsync);

    internal static IReadOnlyList<Mistake> All { get; } =
    [
        new("misspelt property", "modules/host-storage.bicep", "allowSharedKeyAccess:", "allowSharedKeysAccess:", "BCP089", "allowSharedKeysAccess"),
        new("unknown property", "modules/output-storage.bicep", "allowSharedKeyAccess:", "makeItSafe:", "BCP037", "makeItSafe"),
        new("misspelt enum value", "modules/secrets.bicep", "name: 'standard'", "name: 'standart'", "BCP088", "standart"),
        new("unknown enum value", "modules/output-storage.bicep", "accessTier: 'Hot'", "accessTier: 'Lukewarm'", "BCP036", "Lukewarm"),
        new("missing required property", "modules/secrets.bicep", "    tenantId: tenant().tenantId\n", "", "BCP035", "tenantId"),
        new("missing required property of the resource", "modules/host-storage.bicep", "  kind: 'StorageV2'\n", "", "BCP035", "kind"),
        new("unknown resource type", "modules/scheduler.bicep", "schedulers/taskHubs@", "schedulers/taskHub@", "BCP081", "schedulers/taskHub@"),
        new("unknown version", "modules/workbook.bicep", "workbooks@2023-06-01", "workbooks@2023-06-31", "BCP081", "2023-06-31"),
        new("wrong type", "modules/monitoring.bicep", "retentionInDays: retentionInDays", "retentionInDays: 'thirty'", "BCP036", "thirty"),
        new("unused parameter", "modules/identity.bicep", "  tags: tags\n", "", "no-unused-params", "tags"),
        new("secret in an output", "modules/function-app.bicep", "output uri string =", "output key string = storage.listKeys().keys[0].value\noutput uri string =", "outputs-should-not-contain-secrets", "listKeys"),
        new("hard-coded location", "modules/notifications.bicep", "  location: location", "  location: 'westeurope'", "no-hardcoded-location", "westeurope"),
        new("missing parameter of a module", "main.bicep", "    planName: names.plan\n", "", "BCP035", "planName"),
        new("imprecise preview", "main.bicep", "    workspaceName: names.workspace\n    email", "    workspaceName: functionApp.outputs.uri\n    email", "what-if-short-circuiting", "workspaceName"),
    ];

    /// <summary>What the compiler says to all of them.</summary>
    public Task<IReadOnlyList<string>> DiagnosticsAsync() => _diagnostics.Value;

    private static async Task<IReadOnlyList<string>> CompileAsync()
    {
        using var templates = new Templates();
        foreach (var mistake in All)
            templates.Plant(mistake.File, mistake.Text, mistake.Wrong);
        return (await BicepProgram.RunAsync("build", templates.Main, "--stdout")).Diagnostics;
    }
}

/// <summary>One mistake: where, instead of what, and how the compiler calls it.</summary>
internal sealed record Mistake(string Kind, string File, string Text, string Wrong, string Code, string Named);
