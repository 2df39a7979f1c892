using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClipiaFlows.Cli;

/// <summary>The one way to standard output and error: no text that passes it controls a terminal.</summary>
internal static class Terminal
{
    private static readonly TextWriter Out = Console.Out;
    private static readonly TextWriter Error = Console.Error;

    /// <summary>From now on, what is written to the console passes here.</summary>
    public static void Guard()
    {
        Console.SetOut(new TerminalWriter(Out, escapes: true, mayFail: false));
        Console.SetError(new TerminalWriter(Error, escapes: true, mayFail: true));
    }

    /// <summary>Draws on standard output; plain text where it is no terminal, so that nobody parses colors.</summary>
    public static IAnsiConsole OnOutput() => Create(new AnsiConsoleSettings
    {
        Out = new Screen(new TerminalWriter(Out, escapes: false, mayFail: false), !Console.IsOutputRedirected),
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    /// <summary>Draws on standard error.</summary>
    public static IAnsiConsole OnError() => Create(new AnsiConsoleSettings
    {
        Out = new Screen(new TerminalWriter(Error, escapes: false, mayFail: true), !Console.IsErrorRedirected),
        Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
    });

    /// <summary>The same drawing without characters that control the terminal.</summary>
    public static IRenderable Visible(IRenderable drawing) => drawing is VisibleDrawing ? drawing : new VisibleDrawing(drawing);

    private static IAnsiConsole Create(AnsiConsoleSettings settings)
    {
        var console = AnsiConsole.Create(settings);
        console.Pipeline.Attach(new VisibleDrawings());
        return console;
    }

    private sealed class VisibleDrawings : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(Visible);
    }

    private sealed class VisibleDrawing(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || segment.IsLineBreak ? segment : new Segment(TerminalText.Visible(segment.Text), segment.Style));
    }

    // Spectre's own asks whether its writer is the console's, which it no longer is.
    private sealed class Screen(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _size = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => _size.Width;

        public int Height => _size.Height;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
