using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Clipia.Shared;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.Stores;

/// <summary>
/// The clients of a storage account, by connection string or by the app's identity, in the Functions host's own words:
/// <c>AzureWebJobsStorage</c>, or <c>AzureWebJobsStorage__accountName</c> and its parts.
/// </summary>
/// <param name="Blobs">Blob Storage.</param>
/// <param name="Tables">Table Storage.</param>
public sealed record StorageAccount(BlobServiceClient Blobs, TableServiceClient Tables)
{
    /// <summary>The setting that names the app's own account.</summary>
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>The app's own account.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing or malformed.</exception>
    public static StorageAccount OfApp(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } connection)
            return OfConnectionString(Checked(connection, Setting));

        var section = configuration.GetSection(Setting);
        var credential = CredentialOf(section);
        return new(
            new BlobServiceClient(Endpoint(section, "blob"), credential, BlobOptions),
            new TableServiceClient(Endpoint(section, "table"), credential, TableOptions));
    }

    /// <summary>A queue in the app's own account, which need not exist.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing.</exception>
    public static QueueClient QueueOfApp(IConfiguration configuration, string name)
    {
        if (configuration[Setting] is { Length: > 0 } connection)
            return new QueueClient(Checked(connection, Setting), name, QueueOptions);
        var section = configuration.GetSection(Setting);
        return new QueueClient(new Uri($"{Endpoint(section, "queue").AbsoluteUri.TrimEnd('/')}/{name}"), CredentialOf(section), QueueOptions);
    }

    /// <summary>The credential of the app's identity; a user-assigned one is named by its client id.</summary>
    public static DefaultAzureCredential CredentialOf(IConfiguration section) => section["clientId"] is { Length: > 0 } clientId
        ? new DefaultAzureCredential(AzureTransport.In(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId }))
        : new DefaultAzureCredential(AzureTransport.In(new DefaultAzureCredentialOptions()));

    /// <summary>A connection string that was copied whole.</summary>
    /// <exception cref="InvalidOperationException">It was not; the message names the setting and what is wrong, never the value.</exception>
    public static string Checked(string connection, string setting) => SecretText.FlawOfText(connection) is { } flaw
        ? throw new InvalidOperationException($"{setting} {flaw}; set it to the connection string alone.")
        : connection;

    /// <summary>The options of a blob client.</summary>
    public static BlobClientOptions BlobOptions => AzureTransport.In(new BlobClientOptions());

    /// <summary>The options of a queue client.</summary>
    public static QueueClientOptions QueueOptions => AzureTransport.In(new QueueClientOptions());

    private static TableClientOptions TableOptions => AzureTransport.In(new TableClientOptions());

    private static StorageAccount OfConnectionString(string connection)
    {
        try
        {
            return new(new BlobServiceClient(connection, BlobOptions), new TableServiceClient(connection, TableOptions));
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{Setting} is not a connection string: {malformed.Message}");
        }
    }

    private static Uri Endpoint(IConfigurationSection section, string service)
    {
        if (section[$"{service}ServiceUri"] is { Length: > 0 } address)
            return new Uri(address);
        if (section["accountName"] is { Length: > 0 } account)
            return new Uri($"https://{account}.{service}.core.windows.net");
        throw new InvalidOperationException(
            $"{Setting} is missing: set it to a connection string, or set {Setting}__accountName and give the app's identity access.");
    }
}
