namespace Tests.Support.Browser;

/// <summary>A test in a real browser. Skipped, and counted as skipped, where no chromium is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null)
            Skip = "No chromium was found. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to run this test.";
    }
}
