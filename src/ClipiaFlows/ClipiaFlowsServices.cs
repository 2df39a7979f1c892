using Azure.Storage.Blobs;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Delivery;
using ClipiaFlows.Media;
using ClipiaFlows.Notifications;
using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Retention;
using ClipiaFlows.Starting;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClipiaFlows;

/// <summary>Everything the product consists of, for a host to run.</summary>
public static class ClipiaFlowsServices
{
    private const string ClipiaSection = "Clipia";

    /// <summary>Adds the product. Settings are checked at start-up; docs and local.settings.sample.json list them.</summary>
    public static IServiceCollection AddClipiaFlows(this IServiceCollection services, IConfiguration configuration)
    {
        UnresolvedReferences.Refuse(configuration);
        services.TryAddSingleton(TimeProvider.System);
        // Incoming addresses hold callback tokens, and every call would be a line.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Azure", LogLevel.Warning));
        return services
            .AddClipia(configuration)
            .AddStorage(configuration)
            .AddMedia(configuration)
            .AddCallbacks(configuration)
            .AddProduction(configuration)
            .AddNotifications(configuration)
            .AddInputs(configuration)
            .AddRetention(configuration)
            .AddSingleton<BatchStarter>()
            .AddSingleton<DryRun>()
            .AddSingleton<PlanPricing>()
            .AddSingleton<Catalogue>()
            .AddSingleton<WaitingReasons>()
            .AddSingleton<BatchQueries>()
            .AddSingleton<JobQueries>()
            .AddSingleton<JobPages>()
            .AddSingleton<JobDetails>()
            .AddSingleton<TargetQueries>()
            .AddSingleton<OutputLinks>()
            .AddSingleton<Results>()
            .AddSingleton<Gallery>()
            .AddSingleton<Receipt>();
    }

    private static IServiceCollection AddClipia(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddClipiaClient(options =>
        {
            // Blips only; patience is the flows' (RetryRules, ApiRefusals).
            options.MaxAttempts = 2;
            options.RetryBudget = TimeSpan.FromSeconds(10);
            configuration.GetSection(ClipiaSection).Bind(options);
        });
        return services;
    }

    private static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => StorageAccount.OfApp(configuration))
        .AddSingleton(provider =>
        {
            var tables = provider.GetRequiredService<StorageAccount>().Tables;
            return new Tables(Table("Jobs"), Table("Batches"), Table("Keys"));
            TableRowStore Table(string name) => new(tables.GetTableClient(name), provider.GetService<ILogger<TableRowStore>>());
        })
        .AddSingleton<IStateBlobs>(provider => new AzureStateBlobs(provider.GetRequiredService<StorageAccount>().Blobs, provider.GetService<ILogger<AzureStateBlobs>>()))
        .AddHostedService<PrepareStorage>();

    private static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MediaOptions>().Bind(configuration.GetSection(MediaOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OutputOptions>().Bind(configuration.GetSection(OutputOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MediaSource>();
        services.AddHttpClient<MediaFetcher>(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => GuardedConnection.CreateHandler(provider.GetRequiredService<MediaSource>()))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        return services
            .AddKeyedSingleton(OutputOptions.Section, (provider, _) => OutputAccount(provider, configuration))
            .AddSingleton<IOutputStore>(provider => new BlobOutputStore(provider
                .GetRequiredKeyedService<BlobServiceClient>(OutputOptions.Section)
                .GetBlobContainerClient(provider.GetRequiredService<IOptions<OutputOptions>>().Value.Container)));
    }

    private static BlobServiceClient OutputAccount(IServiceProvider provider, IConfiguration configuration) =>
        provider.GetRequiredService<IOptions<OutputOptions>>().Value switch
        {
            { ConnectionString: { Length: > 0 } connection } => new BlobServiceClient(connection, StorageAccount.BlobOptions),
            { AccountName: { Length: > 0 } account } => new BlobServiceClient(
                new Uri($"https://{account}.blob.core.windows.net"),
                StorageAccount.CredentialOf(configuration.GetSection(StorageAccount.Setting)),
                StorageAccount.BlobOptions),
            _ => provider.GetRequiredService<StorageAccount>().Blobs,
        };

    private static IServiceCollection AddCallbacks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CallbackOptions>()
            .Bind(configuration.GetSection(CallbackOptions.Section))
            .Configure(options =>
            {
                options.WebhookSecret = configuration[$"{ClipiaSection}:WebhookSecret"] ?? "";
                options.PreviousWebhookSecret = configuration[$"{ClipiaSection}:PreviousWebhookSecret"] ?? "";
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services.AddSingleton<CallbackUrl>().AddSingleton<WebhookReceiver>();
    }

    private static IServiceCollection AddInputs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InputOptions>().Bind(configuration.GetSection(InputOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<InputBlobs>();
    }

    private static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<RetireBatches>();
    }

    private static IServiceCollection AddProduction(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection(LimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PacingOptions>().Bind(configuration.GetSection(PacingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<KeyPacing>()
            .AddSingleton<PriceList>()
            .AddSingleton<UsualDurations>()
            .AddSingleton<DurationMemory>()
            .AddSingleton<DeliveredResults>()
            .AddSingleton<EarlierOutputs>()
            .AddSingleton<PollTimes>()
            .AddSingleton<AttemptStore>()
            .AddSingleton<FrozenRequests>()
            .AddSingleton<UpstreamOutputs>()
            .AddSingleton<ApiRefusals>()
            .AddSingleton<BatchInstances>()
            .AddSingleton<BatchProgress>()
            .AddSingleton<JobInstances>()
            .AddSingleton<BatchCommands>()
            .AddSingleton<RetryQuote>()
            .AddSingleton<LateDeliveries>()
            .AddSingleton<ReusableOutputs>()
            .AddSingleton<BatchCommit>()
            .AddSingleton<ObeyCommands>()
            .AddSingleton<SettleEnded>()
            .AddSingleton<FollowUps>()
            .AddSingleton<RetryEnded>()
            .AddSingleton<CancelRest>()
            .AddSingleton<KeepPolicy>()
            .AddSingleton<GoOnAfterBlock>()
            .AddSingleton<ClaimReady>()
            .AddTransient<Advance>()
            .AddTransient<PlanBatch>()
            .AddTransient<FinishBatch>()
            .AddTransient<DeleteBatch>()
            .AddTransient<SubmitGeneration>()
            .AddTransient<PollGeneration>()
            .AddTransient<OutputFiles>()
            .AddTransient<CurrentResult>()
            .AddTransient<CopyOutputs>();
    }

    private static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationOptions>()
            .Bind(configuration.GetSection(NotificationOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services
            .AddSingleton<Outbox>()
            .AddSingleton<WebhookHttp>()
            .AddSingleton<EventTargets>()
            .AddSingleton<EventWriter>()
            .AddTransient<SendEvents>();
    }
}
