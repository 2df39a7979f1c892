using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Holds references against what the jobs make: what is not made would be missed only after it was paid for.</summary>
/// <remarks>The shapes are those of the API's contract. What models make that give neither pictures nor clips is not known.</remarks>
internal sealed partial class OutputMentions(ModelCatalogue catalogue, ProblemList problems)
{
    private readonly List<Further> _further = [];

    /// <summary>Tells what a job of that kind never makes.</summary>
    public void Check(Repetition upstream, string? kind, Template input, TemplatePart.Reference reference)
    {
        var (shape, suggested) = kind switch
        {
            "image" => (OfImages().Match(reference.Path), ".images[0].url"),
            "video" => (OfVideo().Match(reference.Path), ".video.url"),
            _ => (null, ""),
        };
        if (shape is { Success: false })
        {
            var of = kind == "image" ? "images, each with url, original_url, width and height" : "a video with url, original_url, width, height and duration";
            Tell(input, reference, suggested, $"The job '{upstream.Id}' makes {of}.");
        }
        else if (shape?.Groups["index"] is { Success: true } index && int.Parse(index.ValueSpan, CultureInfo.InvariantCulture) is > 0 and var at)
            _further.Add(new(upstream, input, reference, at));
    }

    /// <summary>Tells the pictures beyond those that a job asks for; the inputs of all jobs are known now.</summary>
    public void TellTooFew(IReadOnlyList<PlannedJob> jobs)
    {
        foreach (var (upstream, input, reference, at) in _further)
        {
            if (Images(jobs[upstream.N]) is not { } made || at < made)
                continue;
            Tell(
                input, reference, reference.Path.Replace($"[{At(reference)}]", $"[{made - 1}]", StringComparison.Ordinal),
                $"The job '{upstream.Id}' makes {(made == 1 ? "1 image" : $"{made} images")}, and they are counted from 0.");
        }
    }

    private void Tell(Template input, TemplatePart.Reference reference, string expected, string message)
    {
        var suggestion = new OutputReference(reference.JobId.Source, expected).ToString();
        problems.AddRepeated(
            ProblemCodes.BadReference, input.Pointer,
            Shown.Text(new OutputReference(reference.JobId.Source, reference.Path).ToString()), suggestion, message, () => suggestion);
    }

    /// <summary>How many pictures a job makes; <c>null</c> when its model does not say.</summary>
    private int? Images(PlannedJob job)
    {
        if (catalogue.Find(job.Model)?.Input.GetValueOrDefault("num_images") is not { } field)
            return null;
        var number = job.Input.TryGetProperty("num_images", out var written) ? written : field.Default ?? default;
        return number.ValueKind is JsonValueKind.Number && number.TryGetDecimal(out var count) && count is >= 1 and <= 10_000
            ? (int)count
            : null;
    }

    private static string At(TemplatePart.Reference reference) => OfImages().Match(reference.Path).Groups["index"].Value;

    [GeneratedRegex(@"^\.images(\[(?<index>[0-9]+)\](\.(url|original_url|width|height))?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfImages();

    [GeneratedRegex(@"^\.video(\.(url|original_url|width|height|duration))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfVideo();

    /// <summary>A reference to a picture that is not the first.</summary>
    private sealed record Further(Repetition Upstream, Template Input, TemplatePart.Reference Reference, int Index);
}
