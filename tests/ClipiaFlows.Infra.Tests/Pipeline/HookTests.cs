namespace ClipiaFlows.Infra.Tests.Pipeline;

public sealed class HookTests
{
    private static readonly (string, string)[] Answers = [("CLIPIA_API_KEY", "clipia_test_hook"), ("CLIPIA_WEBHOOK_SECRET", "whsec_hook")];

    [ShellFact]
    public async Task Postprovision_EmptyVault_FillsIt()
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync("postprovision.sh", [], Answers);

        Assert.True(exitCode == 0, output);
        Assert.Equal("clipia_test_hook", vault["clipia-api-key"]);
        Assert.Equal("whsec_hook", vault["clipia-webhook-secret"]);
        Assert.Equal("whsec_hook", vault["clipia-webhook-secret-previous"]);
        Assert.InRange(vault["callback-key"]!.Length, 43, 44);
        Assert.Equal(vault["callback-key"], vault["callback-key-previous"]);
        Assert.StartsWith("whsec_", vault["notification-webhook-secret"], StringComparison.Ordinal);
    }

    [ShellFact]
    public async Task Postprovision_Again_ChangesNothing()
    {
        using var vault = new FakeVault();
        await vault.RunAsync("postprovision.sh", [], Answers);
        var key = vault["callback-key"];

        var (exitCode, _) = await vault.RunAsync("postprovision.sh", [], ("CLIPIA_API_KEY", "another"), ("CLIPIA_WEBHOOK_SECRET", "another"));

        Assert.Equal(0, exitCode);
        Assert.Equal("clipia_test_hook", vault["clipia-api-key"]);
        Assert.Equal(key, vault["callback-key"]);
    }

    [ShellFact]
    public async Task Postprovision_NobodyToAsk_SaysWhatIsMissing()
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync("postprovision.sh", []);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("CLIPIA_API_KEY", output, StringComparison.Ordinal);
        Assert.Null(vault["clipia-api-key"]);
    }

    [ShellFact]
    public async Task Rotate_AWebhookSecret_KeepsThePreviousUntilItIsRetired()
    {
        using var vault = new FakeVault();
        await vault.RunAsync("postprovision.sh", [], Answers);

        await vault.RunAsync("rotate-secret.sh", ["clipia-webhook-secret"], ("CLIPIA_WEBHOOK_SECRET", "whsec_new"));
        Assert.Equal(("whsec_new", "whsec_hook"), (vault["clipia-webhook-secret"], vault["clipia-webhook-secret-previous"]));

        await vault.RunAsync("rotate-secret.sh", ["--retire", "clipia-webhook-secret"]);
        Assert.Equal(("whsec_new", "whsec_new"), (vault["clipia-webhook-secret"], vault["clipia-webhook-secret-previous"]));
        Assert.Contains("configreferences/appsettings/refresh", vault.Calls, StringComparison.Ordinal);
    }

    [ShellTheory]
    [InlineData("whsec_new\n", "line break")]
    [InlineData("whsec_new\r", "line break")]
    [InlineData(" whsec_new", "space")]
    [InlineData("\ufeffwhsec_new", "outside ASCII")]
    [InlineData("\u201cwhsec_new\u201d", "outside ASCII")]
    [InlineData("\"whsec_new\"", "quotation marks")]
    [InlineData("'whsec_new'", "quotation marks")]
    public async Task Hook_SecretCopiedWithSomethingAroundIt_IsRefusedAndNothingChanges(string secret, string expected)
    {
        using var vault = new FakeVault();
        var (first, atFirst) = await vault.RunAsync("postprovision.sh", [], Answers[0], ("CLIPIA_WEBHOOK_SECRET", secret));
        Assert.Equal(1, first);
        Assert.Contains(expected, atFirst, StringComparison.Ordinal);
        Assert.Null(vault["clipia-webhook-secret"]);
        await vault.RunAsync("postprovision.sh", [], Answers);
        await vault.RunAsync("rotate-secret.sh", ["clipia-webhook-secret"], ("CLIPIA_WEBHOOK_SECRET", "whsec_second"));

        var (exitCode, output) = await vault.RunAsync("rotate-secret.sh", ["clipia-webhook-secret"], ("CLIPIA_WEBHOOK_SECRET", secret));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("New webhook secret", output, StringComparison.Ordinal);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_new", output, StringComparison.Ordinal);
        Assert.Equal(("whsec_second", "whsec_hook"), (vault["clipia-webhook-secret"], vault["clipia-webhook-secret-previous"]));
    }

    [ShellFact]
    public async Task Rotate_AnUnknownName_SaysHowToUseIt()
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync("rotate-secret.sh", ["api-key"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Usage", output, StringComparison.Ordinal);
    }

    /// <summary>Arguments can be read by everybody on the machine, and output ends in logs.</summary>
    [ShellFact]
    public async Task Hooks_PutNoSecretIntoArgumentsOrOutput()
    {
        using var vault = new FakeVault();

        var (_, first) = await vault.RunAsync("postprovision.sh", [], Answers);
        var (_, second) = await vault.RunAsync("rotate-secret.sh", ["clipia-api-key"], ("CLIPIA_API_KEY", "clipia_test_rotated"));
        var (_, third) = await vault.RunAsync("postdeploy.sh", []);

        foreach (var secret in new[] { "clipia_test_hook", "whsec_hook", "clipia_test_rotated", vault["callback-key"]!, vault["notification-webhook-secret"]! })
            Assert.DoesNotContain(secret, vault.Calls + first + second + third, StringComparison.Ordinal);
    }

    [ShellFact]
    public async Task Postdeploy_SaysWhereTheAppIsAndHowToGetAKey()
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync("postdeploy.sh", []);

        Assert.Equal(0, exitCode);
        Assert.Contains("https://func-test.azurewebsites.net/api/webhooks/clipia", output, StringComparison.Ordinal);
        Assert.Contains("az functionapp keys list --resource-group 'rg-test' --name 'func-test'", output, StringComparison.Ordinal);
    }

    [ShellTheory]
    [InlineData("postdeploy.sh")]
    [InlineData("postprovision.sh")]
    [InlineData("rotate-secret.sh")]
    [InlineData("secrets.sh")]
    public async Task Hook_AskedForHelp_SaysWhatItDoesAndDoesNothing(string hook)
    {
        foreach (var option in new[] { "--help", "-h" })
        {
            using var vault = new FakeVault();

            var (exitCode, output) = await vault.RunAsync(hook, [option], Missing);

            Assert.True(exitCode == 0, output);
            Assert.Contains(hook, output, StringComparison.Ordinal);
            Assert.Empty(vault.Calls);
        }
    }

    /// <summary>Whoever runs a script by hand has no environment of azd yet, and a hint must not run what it proposes.</summary>
    [ShellTheory]
    [InlineData("postdeploy.sh", "SERVICE_APP_URI")]
    [InlineData("postprovision.sh", "AZURE_KEY_VAULT_NAME")]
    [InlineData("rotate-secret.sh", "AZURE_KEY_VAULT_NAME")]
    public async Task Hook_WithoutTheEnvironmentOfAzd_NamesTheVariableAndRunsNothing(string hook, string variable)
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync(hook, ["callback-key"], Missing);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{variable} is not set.", output, StringComparison.Ordinal);
        Assert.Empty(vault.Calls);
    }

    [ShellFact]
    public async Task Rotate_WithoutTheAppsName_ChangesNothing()
    {
        using var vault = new FakeVault();
        await vault.RunAsync("postprovision.sh", [], Answers);

        var (exitCode, output) = await vault.RunAsync("rotate-secret.sh", ["clipia-api-key"], ("CLIPIA_API_KEY", "clipia_test_other"), ("SERVICE_APP_NAME", ""));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("SERVICE_APP_NAME", output, StringComparison.Ordinal);
        Assert.Equal("clipia_test_hook", vault["clipia-api-key"]);
    }

    [ShellFact]
    public async Task Postdeploy_NamesThatAShellWouldRun_AreQuotedInItsHints()
    {
        using var vault = new FakeVault();

        var (exitCode, output) = await vault.RunAsync("postdeploy.sh", [], ("AZURE_RESOURCE_GROUP", "a'b $(az boom)"), ("SERVICE_APP_NAME", "`az boom`"));

        Assert.Equal(0, exitCode);
        Assert.Contains("--resource-group 'a'\\''b $(az boom)' --name '`az boom`'", output, StringComparison.Ordinal);
        Assert.Empty(vault.Calls);
    }

    private static (string, string)[] Missing =>
    [
        ("AZURE_KEY_VAULT_NAME", ""), ("AZURE_SUBSCRIPTION_ID", ""), ("AZURE_RESOURCE_GROUP", ""), ("SERVICE_APP_NAME", ""), ("SERVICE_APP_URI", ""),
    ];
}
