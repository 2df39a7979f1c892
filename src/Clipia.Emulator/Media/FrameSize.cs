using System.Globalization;

namespace Clipia.Emulator;

/// <summary>Width and height in pixels, both even.</summary>
internal readonly record struct FrameSize(int Width, int Height)
{
    public const int SampleSeconds = 5;
    public static readonly FrameSize Sample = new(1024, 576);

    private const int LongestDisplaySide = 768;

    /// <summary>The size of the display rendition.</summary>
    public FrameSize Display => Math.Max(Width, Height) is var side && side <= LongestDisplaySide
        ? this
        : new(Even(Width * (double)LongestDisplaySide / side), Even(Height * (double)LongestDisplaySide / side));

    /// <summary>Pictures: the long side is 1,024 for 1K, and so on. Videos: the short side is 720 for 720p, and so on.</summary>
    public static FrameSize Of(ModelInput input)
    {
        var ratio = RatioOf(input.Text("aspect_ratio"));
        var resolution = (input.Text("resolution") ?? (input.Model.IsImage ? "1K" : "720p")).ToUpperInvariant();
        if (input.Model.IsImage)
        {
            var side = resolution switch { "4K" => 4096, "2K" => 2048, _ => 1024 };
            return ratio >= 1 ? new(side, Even(side / ratio)) : new(Even(side * ratio), side);
        }
        var shorter = resolution switch { "480P" => 480, "1080P" => 1080, _ => 720 };
        return ratio >= 1 ? new(Even(shorter * ratio), shorter) : new(shorter, Even(shorter / ratio));
    }

    private static double RatioOf(string? text)
    {
        var parts = (text ?? "1:1").Split(':');
        return parts.Length == 2
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out var width)
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var height)
            && width > 0 && height > 0
            ? width / height
            : 1;
    }

    private static int Even(double length) => (int)Math.Round(length / 2) * 2;
}
