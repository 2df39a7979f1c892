namespace Clipia.Emulator;

internal static class Colour
{
    /// <summary>Hue in degrees, the others from 0 to 1; the result is 0xRRGGBB.</summary>
    public static int FromHue(double hue, double saturation, double lightness)
    {
        var reach = saturation * Math.Min(lightness, 1 - lightness);
        return Part(0) << 16 | Part(8) << 8 | Part(4);

        int Part(int offset)
        {
            var k = (offset + hue / 30) % 12;
            return (int)Math.Round(255 * (lightness - reach * Math.Clamp(Math.Min(k - 3, 9 - k), -1, 1)));
        }
    }
}
