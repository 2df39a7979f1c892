/// <summary>
/// What <c>DOTNET_STARTUP_HOOKS</c> loads; .NET wants this name and no namespace. It sets a variable after the start of the
/// command that no program of .NET would start with.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => System.Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", "/missing/hook.dll");
}
