using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Clipia.Emulator;

/// <summary>What a generated picture shows: colours and shapes drawn from a seed, the prompt's words, and a caption.</summary>
internal sealed record Scene(string Seed, string Words, string Caption)
{
    private const int LongestText = 140;
    private const int Shades = 96;

    public Canvas Draw(FrameSize size)
    {
        var canvas = new Canvas(size.Width, size.Height);
        var random = new SeededNumbers(Seed);
        var hue = random.Next(360);
        var text = Fit(size);
        DrawSky(canvas, hue, hue + 40 + random.Next(120));
        DrawShapes(canvas, random, hue, text.Top);
        DrawWords(canvas, text);
        return canvas;
    }

    private static void DrawSky(Canvas canvas, int top, int bottom)
    {
        for (var shade = 0; shade < Shades; shade++)
        {
            var part = shade / (Shades - 1.0);
            canvas.AddColour(Colour.FromHue(top + (bottom - top) * part, 0.55, 0.35 + 0.4 * part));
        }
        for (var y = 0; y < canvas.Height; y++)
            canvas.FillRow(y, (byte)((long)y * Shades / canvas.Height));
    }

    private static void DrawShapes(Canvas canvas, SeededNumbers random, int hue, int height)
    {
        var unit = Math.Min(canvas.Width, height);
        for (var shape = 4 + random.Next(4); shape > 0; shape--)
        {
            var colour = canvas.AddColour(Colour.FromHue(hue + 150 + random.Next(120), 0.7, 0.3 + random.Next(50) / 100.0));
            var (x, y) = ((80 + random.Next(840)) * canvas.Width / 1000, (120 + random.Next(760)) * height / 1000);
            var size = unit * (18 + random.Next(28)) / 100;
            switch (random.Next(3))
            {
                case 0:
                    canvas.FillCircle(x, y, size / 2, colour);
                    break;
                case 1:
                    canvas.FillRectangle(x - size / 2, y - size / 3, size, size * 2 / 3, colour);
                    break;
                default:
                    canvas.FillTriangle(x, y, size, colour);
                    break;
            }
        }
    }

    /// <summary>The largest letters with which the words take no more than two fifths of the height.</summary>
    private Text Fit(FrameSize size)
    {
        for (var dot = Math.Max(1, Math.Min(size.Width / 170, size.Height / 90)); ; dot--)
        {
            var line = (DotFont.Height + 3) * dot;
            var lines = Wrap(size.Width / (DotFont.Advance * dot) - 4);
            var top = size.Height - (lines.Count + 1) * line - 3 * dot;
            if (dot == 1 || top >= size.Height * 3 / 5)
                return new(dot, line, lines, top);
        }
    }

    private void DrawWords(Canvas canvas, Text text)
    {
        var paper = canvas.AddColour(0x14161A);
        var ink = canvas.AddColour(0xFFFFFF);
        var quiet = canvas.AddColour(0xB8C0CC);
        var (dot, line, lines, top) = text;

        canvas.FillRectangle(0, top, canvas.Width, canvas.Height - top, paper);
        for (var i = 0; i < lines.Count; i++)
            canvas.DrawText(lines[i], 2 * DotFont.Advance * dot, top + 3 * dot + i * line, dot, ink);
        canvas.DrawText(Caption, 2 * DotFont.Advance * dot, canvas.Height - line, Math.Max(1, dot * 2 / 3), quiet);
    }

    private List<string> Wrap(int columns)
    {
        var text = Words.Length > LongestText ? Words[..LongestText] + "..." : Words;
        var lines = new List<string> { "" };
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Chunk(Math.Max(1, columns))).Select(letters => new string(letters)))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > columns)
                lines.Add("");
            lines[^1] += (lines[^1].Length > 0 ? " " : "") + word;
        }
        return lines;
    }

    /// <param name="Dot">Pixels of one dot of a letter.</param>
    /// <param name="LineHeight">Pixels from line to line.</param>
    /// <param name="Lines">The words, wrapped.</param>
    /// <param name="Top">Where the panel with the words begins.</param>
    private readonly record struct Text(int Dot, int LineHeight, List<string> Lines, int Top);

    /// <summary>Numbers that depend on a text only, on every machine and version.</summary>
    private sealed class SeededNumbers(string seed)
    {
        private uint _state = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(seed))) | 1;

        public int Next(int limit)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)limit);
        }
    }
}
