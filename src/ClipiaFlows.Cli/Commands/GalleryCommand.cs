using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows gallery BATCH</c>: where the page is that shows what a batch made.</summary>
internal static class GalleryCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the address as JSON." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("gallery", "Print the address of the page that shows what a batch made; `download` fetches it with its files.")
        {
            BatchArgument, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var batch = await app.GetBatchAsync(parsed.GetRequiredValue(BatchArgument), cancellation);
        var address = app.AddressOf(AppClient.PathOf(batch.Id, "/gallery"));
        Console.Out.WriteLine(parsed.GetValue(JsonOption)
            ? System.Text.Json.JsonSerializer.Serialize(new { gallery = address })
            : address.AbsoluteUri);
        return ExitCodes.Done;
    }
}
