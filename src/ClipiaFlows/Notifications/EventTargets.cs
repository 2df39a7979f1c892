using System.Text.Json;
using Azure;
using Azure.Messaging.EventGrid;
using Clipia;
using ClipiaFlows.Manifests;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using QueueClient = Azure.Storage.Queues.QueueClient;

namespace ClipiaFlows.Notifications;

/// <summary>Who is told of a batch: those that the settings name, and those that its manifest asks for.</summary>
public sealed class EventTargets(
    IOptions<NotificationOptions> options,
    IOptions<ClipiaClientOptions> clipia,
    IConfiguration configuration,
    WebhookHttp webhooks,
    TimeProvider time)
{
    private readonly Lazy<QueueTarget> _queue = new(() => new QueueTarget(QueueOf(options.Value, configuration)));
    private readonly Lazy<EventGridTarget> _topic = new(() => new EventGridTarget(TopicOf(options.Value, configuration)));

    /// <summary>The targets of a batch, each once.</summary>
    public IReadOnlyList<IEventTarget> Of(BatchRow batch)
    {
        var asked = batch.NotifyJson.Length > 0 ? JsonSerializer.Deserialize<List<ManifestNotification>>(batch.NotifyJson)! : [];
        var targets = new Dictionary<string, IEventTarget>(StringComparer.Ordinal);
        if (options.Value.QueueName.Length > 0 || asked.Exists(one => one.Queue))
            Add(_queue.Value);
        if (options.Value.EventGridTopicEndpoint is not null)
            Add(_topic.Value);
        else if (asked.Exists(one => one.EventGrid))
            Add(new MissingTarget(EventGridTarget.TargetName, "Event Grid topic: Notifications:EventGridTopicEndpoint is not set."));
        foreach (var address in asked.Select(one => one.Webhook).Prepend(options.Value.Webhook).OfType<Uri>())
            Add(WebhookAt(address));

        return [.. targets.Values];
        void Add(IEventTarget target) => targets.TryAdd(target.Name, target);
    }

    /// <summary>What stands against telling those whom a manifest asks for; each with its place.</summary>
    public IReadOnlyList<ManifestProblem> ProblemsOf(IReadOnlyList<ManifestNotification> asked)
    {
        var problems = new ProblemList();
        foreach (var one in asked)
        {
            if (one.EventGrid && options.Value.EventGridTopicEndpoint is null)
                Add(one, "eventGrid", "true", "a topic in the setting Notifications:EventGridTopicEndpoint", "This app has no Event Grid topic.");
            if (one.Webhook is null)
                continue;
            if (options.Value.WebhookSecret.Length == 0)
                Add(one, "webhook", one.Webhook.Host, "a secret in the setting Notifications:WebhookSecret", "This app cannot sign webhooks.");
            if (Refuses(one.Webhook) is { } expected)
                Add(one, "webhook", one.Webhook.Host, expected, "This address cannot be called.");
        }

        return problems.ToList();

        void Add(ManifestNotification one, string member, string value, string expected, string message) =>
            problems.Add(ProblemCodes.BadValue, $"{one.Pointer}/{member}", value, expected, message);
    }

    private IEventTarget WebhookAt(Uri address)
    {
        if (Refuses(address) is { } expected)
            return new MissingTarget(WebhookTarget.NameOf(address), $"Webhook: it needs {expected}.");
        return WebhookSecret.TryRead(options.Value.WebhookSecret, out var key)
            ? new WebhookTarget(address, key, webhooks.Client, time)
            : new MissingTarget(WebhookTarget.NameOf(address), "Webhook: Notifications:WebhookSecret is not set.");
    }

    /// <summary>What a webhook's address should have been, or <c>null</c> when it may be called. Its host is checked when connecting.</summary>
    private string? Refuses(Uri address) => address switch
    {
        { IsAbsoluteUri: false } or { UserInfo.Length: > 0 } => "an absolute https address without a user name",
        { IsLoopback: true } => clipia.Value.BaseUrl.IsLoopback ? null : "an https address of a public host",
        { Scheme: "https" } => null,
        _ => "an https address",
    };

    private static QueueClient QueueOf(NotificationOptions options, IConfiguration configuration)
    {
        var name = options.QueueName.Length > 0 ? options.QueueName : NotificationOptions.UsualQueueName;
        return options.QueueConnectionString.Length > 0
            ? new QueueClient(options.QueueConnectionString, name, StorageAccount.QueueOptions)
            : StorageAccount.QueueOfApp(configuration, name);
    }

    private static EventGridPublisherClient TopicOf(NotificationOptions options, IConfiguration configuration) =>
        options.EventGridKey.Length > 0
            ? new EventGridPublisherClient(options.EventGridTopicEndpoint, new AzureKeyCredential(options.EventGridKey), TopicOptions)
            : new EventGridPublisherClient(
                options.EventGridTopicEndpoint, StorageAccount.CredentialOf(configuration.GetSection(StorageAccount.Setting)), TopicOptions);

    private static EventGridPublisherClientOptions TopicOptions => AzureTransport.In(new EventGridPublisherClientOptions());
}
