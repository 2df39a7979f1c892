using Tests.Support.Browser;

namespace Clipia.Tests.Emulator;

/// <summary>Generated media as a browser decodes them.</summary>
public sealed class PicturePageTests
{
    /// <summary>Size, number of colours, share of white letters in the panel with the words, and a mean of all pixels.</summary>
    private const string Measure = """
        (async () => {
          const measures = [];
          for (const url of URLS) {
            const picture = await createImageBitmap(await (await fetch(url)).blob());
            const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
            canvas.drawImage(picture, 0, 0);
            const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
            const pixels = new Uint32Array(data.buffer);
            let sum = 0, ink = 0;
            for (const pixel of pixels) { sum += pixel & 0xffffff; ink += pixel === 0xffffffff; }
            measures.push([picture.width, picture.height, new Set(pixels).size, ink / pixels.length, sum / pixels.length]);
          }
          return measures;
        })()
        """;

    [BrowserFact]
    public async Task Pictures_OfThreePrompts_AreDecodedReadableAndDifferent()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var originals = new List<string>();
        var displays = new List<string>();
        foreach (var (model, input) in new[]
        {
            ("nano-banana-2", """{"prompt":"a lighthouse at dawn, soft light, long exposure, seagulls over the harbour","aspect_ratio":"16:9","seed":1}"""),
            ("flux-2-pro", """{"prompt":"Портрет лисы у огня в зимнем лесу","seed":2}"""),
            ("gpt-image-2", """{"prompt":"product picture of a red sneaker on white","aspect_ratio":"3:4","seed":3}"""),
        })
        {
            var submitted = await emulator.Live.SubmitAsync(model, input);
            emulator.Time.Advance(20);
            var image = (await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}")).Body.GetProperty("output").GetProperty("images")[0];
            originals.Add(image.GetProperty("original_url").GetString()!);
            displays.Add(image.GetProperty("url").GetString()!);
        }

        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        var png = await MeasureAsync(page, originals);
        var webp = await MeasureAsync(page, displays);

        Assert.Equal([(1024, 576), (1024, 1024), (768, 1024)], png.Select(picture => ((int)picture[0], (int)picture[1])));
        Assert.Equal([(768, 432), (768, 768), (576, 768)], webp.Select(picture => ((int)picture[0], (int)picture[1])));
        foreach (var pictures in new[] { png, webp })
        {
            Assert.All(pictures, picture => Assert.InRange(picture[2], 60, 256));
            Assert.All(pictures, picture => Assert.InRange(picture[3], 0.005, 0.2));
            Assert.Equal(3, pictures.Select(picture => (int)picture[4]).Distinct().Count());
        }
        await ShowAsync(page, [.. originals, .. displays]);
        await page.KeepAsync("pictures");
        Assert.Empty(page.Complaints);
    }

    [BrowserFact]
    public async Task Video_Generated_PlaysForAsLongAsAskedFor()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var submitted = await emulator.Live.SubmitAsync("seedance-2-fast-t2v", """{"prompt":"waves at night","duration":6,"resolution":"480p"}""");
        emulator.Time.Advance(20);
        var video = (await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}")).Body.GetProperty("output").GetProperty("video").GetProperty("url").GetString();

        await using var page = await Page.OpenAsync(emulator.Api.BaseUrl);
        await page.EvaluateAsync<object>($"document.body.replaceChildren(window.film = Object.assign(document.createElement('video'), {{ muted: true, src: '{video}' }})), film.play()");
        await page.UntilAsync("film.currentTime > 0.2");

        var measures = await page.EvaluateAsync<double[]>("[film.duration, film.videoWidth, film.videoHeight]");
        Assert.Equal([6, 854, 480], measures);
        await page.EvaluateAsync<object>("film.currentTime = 5.5");
        await page.UntilAsync("film.ended");
        await page.KeepAsync("video");
    }

    private static Task<double[][]> MeasureAsync(Page page, IEnumerable<string> urls) =>
        page.EvaluateAsync<double[][]>(Measure.Replace("URLS", $"['{string.Join("','", urls)}']", StringComparison.Ordinal));

    private static async Task ShowAsync(Page page, IEnumerable<string> urls)
    {
        await page.EvaluateAsync<object>(
            $"document.body.replaceChildren(...['{string.Join("','", urls)}'].map(src => Object.assign(new Image(), {{ src, style: 'width: 32%; margin: .5%' }})))");
        await page.UntilAsync("[...document.images].every(image => image.complete && image.naturalWidth > 0)");
    }
}
