using System.Globalization;

namespace ClipiaFlows.Stores;

/// <summary>Where each of a batch's papers lies: the first part is the container.</summary>
public static class BlobNames
{
    /// <summary>The containers that the state account needs.</summary>
    public static IReadOnlyList<string> Containers { get; } = ["manifests", "plans", "deliveries", "requests", "receipts"];

    /// <summary>The manifest as it was received.</summary>
    public static string Manifest(string batch) => $"manifests/{batch}.json";

    /// <summary>The plan, a job a line.</summary>
    public static string Plan(string batch) => $"plans/{batch}.jsonl";

    /// <summary>The body of a delivery, as it was verified.</summary>
    public static string Delivery(string instance, string requestId) => $"deliveries/{instance}/{requestId}.json";

    /// <summary>What all deliveries of an instance begin with.</summary>
    public static string DeliveriesOf(string instance) => $"deliveries/{instance}/";

    /// <summary>What all large requests of a batch begin with.</summary>
    public static string RequestsOf(string batch) => $"requests/{batch}/";

    /// <summary>What all receipts of a batch begin with.</summary>
    public static string ReceiptsOf(string batch) => $"receipts/{batch}/";

    /// <summary>A request body that is too large for a row; the hash makes every content a name of its own.</summary>
    public static string Request(string batch, int n, int attempt, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"requests/{batch}/{n}-{attempt}-{hash}.json");

    /// <summary>One of the files that record what a finished batch produced.</summary>
    public static string Receipt(string batch, string file) => $"receipts/{batch}/{file}";
}
