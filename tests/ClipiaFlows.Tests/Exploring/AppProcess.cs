using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Delivery;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.Media;
using ClipiaFlows.Notifications;
using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Options = Microsoft.Extensions.Options.Options;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Everything that one process of the app holds, composed as the app composes it (ClipiaFlowsServices).</summary>
internal sealed class AppProcess
{
    public const string WebhookSecret = "whsec_exploring";
    private const string CallbackKey = "callback-key-of-the-exploration";

    private static readonly IOptions<ClipiaClientOptions> Client = Options.Create(new ClipiaClientOptions
    {
        // Its own quick retries take time; what they send is what a later try of the flow sends.
        ApiKey = "clipia_live_exploring", BaseUrl = new("https://api.example"), MaxAttempts = 1, RetryBudget = TimeSpan.Zero,
    });

    private static readonly IOptions<CallbackOptions> Callback = Options.Create(new CallbackOptions
    {
        PublicBaseUrl = new("https://flows.example"), Key = CallbackKey, WebhookSecret = WebhookSecret,
    });

    private static readonly IOptions<MediaOptions> MediaHosts = Options.Create(new MediaOptions { AllowedHosts = "media.example" });

    // No limit of the key's is to be seen here; tests of KeyPacing do that.
    private static readonly IOptions<PacingOptions> Pace = Options.Create(new PacingOptions { Concurrency = 6, RequestsPerMinute = 60_000 });

    private static readonly IOptions<NotificationOptions> Nobody = Options.Create(new NotificationOptions());

    private readonly Advance _advance;
    private readonly FinishBatch _finish;
    private readonly DeleteBatch _delete;
    private readonly SubmitGeneration _submit;
    private readonly PollGeneration _poll;
    private readonly CopyOutputs _copy;
    private readonly DurableTaskClient _client;

    public AppProcess(Tables tables, IStateBlobs blobs, IOutputStore outputs, DurableTaskClient client, HttpMessageHandler api, HttpMessageHandler media, TimeProvider time)
    {
        _client = client;
        var clipia = new ClipiaClient(new HttpClient(api, disposeHandler: false), Client.Value, time);
        var attempts = new AttemptStore(tables, time);
        var pacing = new KeyPacing(tables, Pace, Client, time);
        var outbox = new Outbox(Nobody, time);
        var commit = new BatchCommit(tables, outbox, time);
        var instances = new JobInstances(attempts, time, NullLogger<JobInstances>.Instance);
        var prices = new PriceList(clipia, pacing, time);
        var claim = new ClaimReady(tables, commit, pacing, time);
        var goOn = new GoOnAfterBlock(tables, commit, clipia, pacing, time);
        var durations = new UsualDurations();
        Callbacks = new CallbackUrl(Callback);
        var polls = new PollTimes(durations, Callbacks, time);
        var delivered = new DeliveredResults(durations, time);
        var refusals = new ApiRefusals(attempts, pacing, time);
        var reusable = new ReusableOutputs(tables, outputs, time);
        var requests = new FrozenRequests(attempts, blobs, new UpstreamOutputs(tables), reusable, Callbacks, time);
        var fetcher = new MediaFetcher(new HttpClient(media, disposeHandler: false), new MediaSource(MediaHosts, Client), MediaHosts);
        var receipt = new Receipt(new Results(new JobQueries(tables), blobs, BatchHarness.Links), blobs, new TargetQueries(tables), time);
        _advance = new Advance(
            tables, new ObeyCommands(tables, commit, time), new SettleEnded(tables, commit, instances, time), new FollowUps(tables, commit, time),
            new RetryEnded(tables, commit, blobs, prices, time), new CancelRest(tables, commit, time), new KeepPolicy(commit, time), goOn, claim,
            commit, instances, time);
        _finish = new FinishBatch(
            tables, receipt, outbox, pacing, clipia, new BatchProgress(tables, pacing, time, NullLogger<BatchProgress>.Instance), time);
        _delete = new DeleteBatch(tables, blobs, outputs);
        _submit = new SubmitGeneration(
            attempts, requests, refusals, polls, pacing, clipia, Client, time, NullLogger<SubmitGeneration>.Instance);
        _poll = new PollGeneration(attempts, refusals, polls, pacing, clipia, time);
        _copy = new CopyOutputs(attempts, blobs, new OutputFiles(outputs, fetcher), reusable, delivered, new CurrentResult(pacing, clipia), time);
        Receiver = new WebhookReceiver(
            Callbacks, Callback, tables, blobs, attempts, delivered, new LateDeliveries(tables, attempts, time), time, NullLogger<WebhookReceiver>.Instance);
        Commands = new BatchCommands(tables, Options.Create(new LimitOptions()), time);
        Watchdog = new BatchInstances(tables, pacing, time, NullLogger<BatchInstances>.Instance);
        Memory = new ProcessMemory(instances, claim, goOn, prices, durations);
    }

    public CallbackUrl Callbacks { get; }

    public WebhookReceiver Receiver { get; }

    public BatchCommands Commands { get; }

    public BatchInstances Watchdog { get; }

    /// <summary>What would be lost with the process.</summary>
    public ProcessMemory Memory { get; }

    public async Task<object> RunAsync(string activity, string? input, CancellationToken cancellation) => activity switch
    {
        Advance.Name => await _advance.RunAsync(Payload.Deserialize<BatchRef>(input)!, _client, cancellation),
        FinishBatch.Name => await _finish.RunAsync(Payload.Deserialize<BatchRef>(input)!, _client, cancellation),
        DeleteBatch.Name => await _delete.RunAsync(Payload.Deserialize<BatchRef>(input)!, _client, cancellation),
        SubmitGeneration.Name => await _submit.RunAsync(Payload.Deserialize<JobAttempt>(input)!, cancellation),
        PollGeneration.Name => await _poll.RunAsync(Payload.Deserialize<JobAttempt>(input)!, cancellation),
        CopyOutputs.Name => await _copy.RunAsync(Payload.Deserialize<JobAttempt>(input)!, _client, cancellation),
        _ => throw new ViolationException($"No activity '{activity}' is expected here."),
    };
}
