namespace Clipia.Emulator;

/// <summary>A picture of at most 256 colours.</summary>
internal sealed class Canvas(int width, int height)
{
    public int Width => width;
    public int Height => height;
    public byte[] Pixels { get; } = new byte[width * height];

    /// <summary>Colours as 0xRRGGBB.</summary>
    public List<int> Palette { get; } = [];

    public byte AddColour(int rgb)
    {
        Palette.Add(rgb);
        return (byte)(Palette.Count - 1);
    }

    public void FillRow(int y, byte colour) => Pixels.AsSpan(y * width, width).Fill(colour);

    public void FillRectangle(int x, int y, int w, int h, byte colour)
    {
        var (left, right) = (Math.Clamp(x, 0, width), Math.Clamp(x + w, 0, width));
        for (var row = Math.Max(0, y); row < Math.Min(height, y + h); row++)
            Pixels.AsSpan(row * width + left, right - left).Fill(colour);
    }

    public void FillCircle(int x, int y, int radius, byte colour)
    {
        for (var dy = -radius; dy <= radius; dy++)
        {
            var half = (int)Math.Sqrt((double)radius * radius - (double)dy * dy);
            FillRectangle(x - half, y + dy, 2 * half, 1, colour);
        }
    }

    public void FillTriangle(int x, int y, int size, byte colour)
    {
        for (var row = 0; row < size; row++)
            FillRectangle(x - row / 2, y - size / 2 + row, row, 1, colour);
    }

    /// <summary>Draws text with every dot of the font as a square of the given size.</summary>
    public void DrawText(string text, int x, int y, int dot, byte colour)
    {
        foreach (var letter in text)
        {
            var rows = DotFont.RowsOf(letter);
            for (var row = 0; row < DotFont.Height; row++)
            {
                for (var column = 0; column < DotFont.Width; column++)
                {
                    if ((rows[row] >> (DotFont.Width - 1 - column) & 1) != 0)
                        FillRectangle(x + column * dot, y + row * dot, dot, dot, colour);
                }
            }
            x += DotFont.Advance * dot;
        }
    }
}
