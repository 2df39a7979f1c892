using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Renders a medium when it is first asked for and keeps the file.</summary>
internal sealed class MediaLibrary(string folder, GenerationDesk desk)
{
    // Each link is a call deeper; a chain as long as somebody likes must not use up the stack.
    private const int LongestChain = 100;

    private static readonly Scene SampleScene = new("sample", "Sample from a test key", "CLIPIA EMULATOR");

    /// <summary>Path of the file; null when there is no such medium (yet).</summary>
    public string? Find(string name)
    {
        var file = Path.Combine(folder, name);
        var original = MediaName.Original(name);
        var display = original != name;
        if (original is MediaName.SampleImage or MediaName.SampleVideo)
            return Rendered(file, () => Encode(SampleScene, FrameSize.Sample, display, original == MediaName.SampleVideo, FrameSize.SampleSeconds));
        if (!MediaName.TryParse(original, out var id, out var index, out var isVideo))
            return null;
        if (desk.Find(id) is not { Settled: true, Outcome: GenerationStatus.Completed } generation || generation.Model.IsImage == isVideo)
            return null;

        using var document = JsonDocument.Parse(generation.Input);
        var input = new ModelInput(generation.Model, document.RootElement);
        if (index >= input.ImageCount)
            return null;
        return Rendered(file, () => Encode(SceneOf(generation, input, index), FrameSize.Of(input), display, isVideo, input.DurationSeconds));
    }

    private static byte[] Encode(Scene scene, FrameSize size, bool display, bool isVideo, double seconds)
    {
        var canvas = scene.Draw(display ? size.Display : size);
        return isVideo ? Mp4File.Encode(canvas, seconds) : display ? WebpFile.Encode(canvas) : PngFile.Encode(canvas);
    }

    /// <summary>Without a seed every request looks different; a picture made from one of ours keeps its colours and shapes.</summary>
    private Scene SceneOf(Generation generation, ModelInput input, int index, int links = 0)
    {
        var words = input.Text("prompt") ?? "";
        var size = FrameSize.Of(input);
        var caption = $"{generation.Model.Slug}  {size.Width}x{size.Height}" + (generation.Model.IsImage ? $"  #{index + 1}" : $"  {input.DurationSeconds}s");
        if (links < LongestChain && SourceOf(input, links + 1) is { } source)
            return source with { Words = words.Length > 0 ? words : source.Words, Caption = caption };
        var identity = input.Text("seed") ?? generation.Id;
        return new(HashOf($"{generation.Model.Slug}\n{words}\n{identity}\n{input.FirstImageUrl}\n{index}"), words, caption);
    }

    private Scene? SourceOf(ModelInput input, int links)
    {
        if (!Uri.TryCreate(input.FirstImageUrl, UriKind.Absolute, out var url)
            || !MediaName.TryParse(MediaName.Original(Path.GetFileName(url.AbsolutePath)), out var id, out var index, out var isVideo)
            || isVideo
            || desk.Find(id) is not { } generation)
        {
            return null;
        }
        using var document = JsonDocument.Parse(generation.Input);
        return SceneOf(generation, new(generation.Model, document.RootElement), index, links);
    }

    /// <summary>Several requests may render at once; the file appears whole, and all of them write the same bytes.</summary>
    private static string Rendered(string file, Func<byte[]> render)
    {
        if (File.Exists(file))
            return file;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = $"{file}.{Guid.NewGuid():N}";
        File.WriteAllBytes(unfinished, render());
        File.Move(unfinished, file, overwrite: true);
        return file;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
