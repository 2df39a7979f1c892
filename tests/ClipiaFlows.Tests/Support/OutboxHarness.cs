using System.Text.Json;
using Clipia;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Manifests;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Support;

/// <summary>The sending of events over rows in memory and virtual time, to receivers on real sockets.</summary>
internal sealed class OutboxHarness : IDisposable
{
    public const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly WebhookHttp _http;

    public OutboxHarness(NotificationOptions? settings = null, bool local = true)
    {
        Tables = new(Jobs, new InMemoryRowStore(), new InMemoryRowStore());
        var options = Options.Create(settings ?? new NotificationOptions());
        options.Value.WebhookSecret = Secret;
        var clipia = Options.Create(new ClipiaClientOptions
        {
            ApiKey = "key", BaseUrl = new Uri(local ? "http://127.0.0.1:9" : "https://api.clipia.example"),
        });
        _http = new WebhookHttp(clipia);
        Targets = new EventTargets(options, clipia, new ConfigurationBuilder().Build(), _http, Time);
        Outbox = new Outbox(options, Time);
        Send = new SendEvents(Tables, Targets, new EventWriter(Tables, BatchHarness.Links), Time, NullLogger<SendEvents>.Instance);
    }

    public static string Secret { get; } = "whsec_" + Convert.ToBase64String(Enumerable.Range(1, 32).Select(n => (byte)n).ToArray());

    public VirtualTime Time { get; } = new();

    public LostAnswers Jobs { get; } = new(new InMemoryRowStore());

    public Tables Tables { get; }

    public EventTargets Targets { get; }

    public Outbox Outbox { get; }

    public SendEvents Send { get; }

    /// <summary>A batch whose manifest asks for those webhooks.</summary>
    public Task<BatchRow> StartAsync(params Uri[] webhooks) => StartAsync("5eed5eed5eed", webhooks);

    public async Task<BatchRow> StartAsync(string seed, params Uri[] webhooks)
    {
        var asked = webhooks.Select((address, index) => new ManifestNotification { Pointer = $"/notify/{index}", Webhook = address }).ToList();
        var row = new BatchRow
        {
            PartitionKey = Batch, RowKey = BatchRow.Key, Name = "Spring", Seed = seed, State = BatchState.Running, CreatedAt = Time.GetUtcNow(),
            NotifyJson = asked.Count == 0 ? "" : JsonSerializer.Serialize(asked),
        };
        await Tables.Jobs.CommitAsync(RowChanges.Putting(row), None);
        return await FindAsync();
    }

    public async Task<BatchRow> FindAsync() => (await Tables.Jobs.FindAsync<BatchRow>(Batch, BatchRow.Key, None))!;

    /// <summary>A job changes its state, as Advance would write it.</summary>
    public async Task ChangeAsync(int n, JobState state)
    {
        var (batch, changes) = (await FindAsync(), new RowChanges());
        var job = new JobRow { PartitionKey = Batch, RowKey = RowKeys.Job(n), N = n, Id = $"job-{n}", Model = "flux", State = state };
        changes.Put(job);
        Outbox.Add(batch, changes, job, state is JobState.Succeeded ? 4.5m : null);
        changes.Replace(batch);
        Assert.True(await Tables.Jobs.CommitAsync(changes, None));
    }

    /// <summary>Sends until nothing more can be sent now.</summary>
    public async Task<TellStep> SendAsync()
    {
        while (true)
        {
            var step = await Send.RunAsync(new BatchRef { Batch = Batch }, None);
            if (step.Kind is not TellStepKind.More)
                return step;
        }
    }

    public async Task<List<OutboxRow>> LeftAsync()
    {
        var rows = new List<OutboxRow>();
        await foreach (var row in Tables.Jobs.RangeAsync<OutboxRow>(Batch, RowKeys.Outbox(0), RowKeys.EndOf("O"), null, None))
            rows.Add(row);
        return rows;
    }

    public async Task<TargetRow> TargetAsync(Uri webhook) =>
        (await Tables.Jobs.FindAsync<TargetRow>(Batch, RowKeys.Target(WebhookTarget.NameOf(webhook)), None))!;

    public void Dispose() => _http.Dispose();
}
