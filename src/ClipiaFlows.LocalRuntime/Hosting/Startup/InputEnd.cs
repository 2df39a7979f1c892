namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>Notices the end of standard input, which is how a process learns that its parent is gone.</summary>
internal static class InputEnd
{
    public static void Watch(Func<Stream> open, Action ended)
    {
        // Reading from a console blocks, so it has a thread of its own.
        new Thread(() => Read(open, ended)) { IsBackground = true, Name = "end of input" }.Start();
    }

    private static void Read(Func<Stream> open, Action ended)
    {
        try
        {
            using var input = open();
            var ignored = new byte[256];
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A pipe that breaks has ended as well.
        }

        ended();
    }
}
