using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Clipia.Emulator;

/// <summary>The eight tools. Section 15 of the contract. What the REST API refuses is an error result with its envelope.</summary>
internal sealed class McpTools(InProcessApi api, GenerationDesk desk, MediaLibrary library, TemplateLibrary templates, TimeProvider time)
{
    private static readonly TimeSpan LongestImageWait = TimeSpan.FromSeconds(25);
    private const int LongestWaitSeconds = 30;
    private const int DefaultWaitSeconds = 25;
    private const int DefaultTemplates = 10;
    private const int MostTemplates = 50;

    private static readonly string[] ImageFields =
        ["prompt", "aspect_ratio", "resolution", "num_images", "image_urls", "image_url", "seed", "negative_prompt"];

    private static readonly string[] VideoFields =
        ["prompt", "duration", "aspect_ratio", "resolution", "image_url", "generate_audio", "seed"];

    /// <exception cref="McpProtocolException">There is no such tool.</exception>
    public Task<CallToolResult> CallAsync(McpCall call, CallToolRequestParams? request, CancellationToken cancellation)
    {
        if (request is null)
            throw new McpProtocolException("A tool call needs the name of a tool.", McpErrorCode.InvalidParams);
        var arguments = new McpArguments(request.Arguments);
        if (McpSchemas.Problem(request.Name, arguments) is { } problem)
            return Task.FromResult(McpResults.Refused(problem));
        return request.Name switch
        {
            "generate_image" => GenerateImageAsync(call, arguments, cancellation),
            "generate_video" => GenerateVideoAsync(call, arguments),
            "wait_generation" => WaitAsync(call, arguments, cancellation),
            "get_generation" => GetAsync(call, arguments),
            "list_models" => ListModelsAsync(call, arguments),
            "get_model" => GetModelAsync(call, arguments),
            "get_balance" => GetBalanceAsync(call),
            "search_templates" => Task.FromResult(SearchTemplates(arguments)),
            _ => throw new McpProtocolException($"There is no tool '{request.Name}'.", McpErrorCode.InvalidParams),
        };
    }

    private async Task<CallToolResult> GenerateImageAsync(McpCall call, McpArguments arguments, CancellationToken cancellation)
    {
        if (arguments.Text("prompt") is null)
            return McpResults.Missing("prompt");
        var model = arguments.Text("model") ?? "nano-banana-2";
        if (ModelCatalogue.Find(model) is { IsImage: false })
            return McpResults.Refused($"The model '{model}' makes videos; call generate_video.");
        var submitted = await SubmitAsync(call, model, arguments, ImageFields);
        if (submitted.IsError)
            return McpResults.Error(submitted.Body);
        var id = IdOf(submitted);
        await EndAsync(call, id, LongestImageWait, cancellation);
        return await DescribeAsync(call, id, arguments.Flag("include_preview", otherwise: true));
    }

    private async Task<CallToolResult> GenerateVideoAsync(McpCall call, McpArguments arguments)
    {
        if (arguments.Text("prompt") is null)
            return McpResults.Missing("prompt");
        var standard = arguments.Text("image_url") is null ? "seedance-2-fast-t2v" : "seedance-2-fast-i2v";
        var model = arguments.Text("model") ?? standard;
        if (ModelCatalogue.Find(model) is { IsImage: true })
            return McpResults.Refused($"The model '{model}' makes images; call generate_image.");
        var submitted = await SubmitAsync(call, model, arguments, VideoFields);
        if (submitted.IsError)
            return McpResults.Error(submitted.Body);
        return McpResults.Json(new
        {
            RequestId = IdOf(submitted),
            Status = submitted.Body.GetProperty("status"),
            Model = model,
            CostCredits = submitted.Body.GetProperty("cost"),
            NextStep = "Call wait_generation with this request_id until the status is COMPLETED, FAILED or CANCELED.",
        });
    }

    private async Task<CallToolResult> WaitAsync(McpCall call, McpArguments arguments, CancellationToken cancellation)
    {
        if (arguments.Text("request_id") is not { } id)
            return McpResults.Missing("request_id");
        var seconds = Math.Clamp(arguments.Whole("wait_seconds") ?? DefaultWaitSeconds, 0, LongestWaitSeconds);
        await EndAsync(call, id, TimeSpan.FromSeconds(seconds), cancellation);
        return await DescribeAsync(call, id, preview: false);
    }

    private Task<CallToolResult> GetAsync(McpCall call, McpArguments arguments) =>
        arguments.Text("request_id") is { } id
            ? DescribeAsync(call, id, arguments.Flag("include_preview", otherwise: true))
            : Task.FromResult(McpResults.Missing("request_id"));

    private async Task<CallToolResult> ListModelsAsync(McpCall call, McpArguments arguments)
    {
        var answer = await api.SendAsync(call.Http, "GET", "/v1/models");
        if (answer.IsError)
            return McpResults.Error(answer.Body);
        var (type, search) = (arguments.Text("type"), arguments.Text("search"));
        var models = answer.Body.GetProperty("data").EnumerateArray()
            .Where(model => type is null || TypeOf(model).Equals(type, StringComparison.OrdinalIgnoreCase))
            .Where(model => search is null || model.GetRawText().Contains(search, StringComparison.OrdinalIgnoreCase));
        return McpResults.Json(new { Models = models.ToArray() });
    }

    private async Task<CallToolResult> GetModelAsync(McpCall call, McpArguments arguments)
    {
        if (arguments.Text("model") is not { } model)
            return McpResults.Missing("model");
        return McpResults.Of(await api.SendAsync(call.Http, "GET", $"/v1/models/{Uri.EscapeDataString(model)}"));
    }

    private async Task<CallToolResult> GetBalanceAsync(McpCall call) =>
        McpResults.Of(await api.SendAsync(call.Http, "GET", "/v1/account"));

    private CallToolResult SearchTemplates(McpArguments arguments)
    {
        if (arguments.Text("query") is not { } query)
            return McpResults.Missing("query");
        var limit = Math.Clamp(arguments.Whole("limit") ?? DefaultTemplates, 1, MostTemplates);
        return McpResults.Json(new { Templates = templates.Search(query, limit) });
    }

    private Task<RestAnswer> SubmitAsync(McpCall call, string model, McpArguments arguments, string[] fields)
    {
        var input = new JsonObject();
        foreach (var field in fields)
        {
            if (arguments.Find(field) is { } value)
                input[field] = JsonNode.Parse(value.GetRawText());
        }
        return api.SendAsync(call.Http, "POST", $"/v1/models/{Uri.EscapeDataString(model)}", new() { ["input"] = input });
    }

    /// <summary>Waits for the end of a generation, or as long as is allowed. Looks again every second, since it may be cancelled.</summary>
    private async Task EndAsync(McpCall call, string id, TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + patience;
        while (desk.Find(id, call.Key) is { Settled: false } running)
        {
            var now = time.GetUtcNow();
            var pause = new[] { TimeSpan.FromSeconds(1), running.FinishesAt - now, deadline - now }.Min();
            if (now >= deadline)
                return;
            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1), time, cancellation);
        }
    }

    private async Task<CallToolResult> DescribeAsync(McpCall call, string id, bool preview)
    {
        var answer = await api.SendAsync(call.Http, "GET", $"/v1/requests/{Uri.EscapeDataString(id)}");
        if (answer.IsError)
            return McpResults.Error(answer.Body);
        var generation = desk.Find(id, call.Key)!;
        var failed = answer.Body.TryGetProperty("error", out var error);
        var done = answer.Body.TryGetProperty("output", out var output);
        var result = McpResults.Json(new
        {
            RequestId = id,
            Status = answer.Body.GetProperty("status"),
            Model = generation.Model.Slug,
            CostCredits = failed ? (int?)null : generation.Cost,
            Output = done ? output : (JsonElement?)null,
            Error = failed ? error : (JsonElement?)null,
        });
        if (preview && done && output.TryGetProperty("images", out var images))
            AddPreview(result, images[0].GetProperty("url").GetString()!);
        return result;
    }

    private void AddPreview(CallToolResult result, string url)
    {
        if (library.Find(Path.GetFileName(new Uri(url).AbsolutePath)) is { } file)
            result.Content.Add(ImageContentBlock.FromBytes(File.ReadAllBytes(file), MediaName.TypeOf(file)));
    }

    private static string IdOf(RestAnswer submitted) => submitted.Body.GetProperty("request_id").GetString()!;

    /// <summary>Entries of the text catalogue have no type.</summary>
    private static string TypeOf(JsonElement model) => model.TryGetProperty("type", out var type) ? type.GetString()! : "text";
}
