using System.Text;

namespace ClipiaFlows.Cli;

/// <summary>Standard output or error; a terminal that is gone, as after SIGHUP, ends nothing.</summary>
/// <param name="inner">What it writes to.</param>
/// <param name="escapes">Shows control characters instead of sending them; false for what is drawn, which has been shown that way already.</param>
/// <param name="mayFail">True for messages: what cannot be said is no reason to fail.</param>
internal sealed class TerminalWriter(TextWriter inner, bool escapes, bool mayFail) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void Write(string? value) => Send(value ?? "");

    // In one piece, so that lines of several threads are not mixed.
    public override void WriteLine(string? value) => Send(value + "\n");

    public override void Flush() => Attempt(inner.Flush);

    private void Send(string text) => Attempt(() => inner.Write(escapes ? TerminalText.Visible(text) : text));

    private void Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (IOException) when (mayFail || Interruption.HasHungUp)
        {
            // Nobody reads it.
        }
    }
}
