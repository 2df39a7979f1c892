using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>The media of a completed generation as the result and the webhook show it.</summary>
internal static class Output
{
    public static object Of(Generation generation, string origin)
    {
        using var document = JsonDocument.Parse(generation.Input);
        var input = new ModelInput(generation.Model, document.RootElement);
        var size = FrameSize.Of(input);
        if (!generation.Model.IsImage)
        {
            var name = generation.Key.IsTest ? MediaName.SampleVideo : MediaName.Video(generation.Id);
            var (video, seconds) = generation.Key.IsTest ? (FrameSize.Sample, FrameSize.SampleSeconds) : (size, input.DurationSeconds);
            return new { Video = new { Url = UrlOf(origin, name), video.Width, video.Height, Duration = seconds } };
        }

        var picture = generation.Key.IsTest ? FrameSize.Sample : size;
        return new
        {
            Images = Enumerable.Range(0, input.ImageCount).Select(index =>
            {
                var name = generation.Key.IsTest ? MediaName.SampleImage : MediaName.Image(generation.Id, index);
                return new { Url = UrlOf(origin, MediaName.Display(name)), OriginalUrl = UrlOf(origin, name), picture.Width, picture.Height };
            }).ToArray(),
        };
    }

    private static string UrlOf(string origin, string name) => $"{origin}/media/{name}";
}
