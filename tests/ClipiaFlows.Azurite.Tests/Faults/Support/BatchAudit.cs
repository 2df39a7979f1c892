using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>
/// Goes through everything that a finished batch left behind, and finds what does not agree: rows with counters, rows with the
/// emulator's ledger, files with rows, receipt with ledger. Reads storage itself, not through the app.
/// </summary>
internal sealed class BatchAudit
{
    // Rows that stand for something under way: queue, claims, markers, follow-ups, commands, retries, tails, unsent events.
    private static readonly string[] Unfinished = ["Q|", "A|", "D|", "F|", "X|", "Y", "B|", "O|"];
    private static readonly string[] EndStates = ["Succeeded", "Failed", "Canceled", "Skipped", "Unresolved"];

    private readonly List<Finding> _wrong = [];
    private readonly List<TableEntity> _rows;
    private readonly List<LedgerEntry> _ledger;

    private BatchAudit(List<TableEntity> rows, List<LedgerEntry> ledger) => (_rows, _ledger) = (rows, ledger);

    /// <summary>What does not agree, for people.</summary>
    public IReadOnlyList<Finding> Wrong => _wrong;

    /// <summary>How it ended, comparable with other runs of the same campaign.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>What the emulator charged for it.</summary>
    public decimal Charged => _ledger.Where(entry => entry.State == "charged").Sum(entry => entry.Cost);

    /// <summary>Submissions that were accepted, charged or not.</summary>
    public int Submissions => _ledger.Count;

    /// <summary>Audits a batch.</summary>
    /// <param name="stage">Where it ran.</param>
    /// <param name="batch">The batch, after its end.</param>
    /// <param name="before">The ledger before it was submitted.</param>
    /// <param name="other">Another batch that ran meanwhile: what its attempts name was paid for it.</param>
    public static async Task<BatchAudit> OfAsync(Stage stage, Batch batch, Ledger before, string? other = null)
    {
        var old = before.Entries.Select(entry => entry.RequestId).ToHashSet();
        if (other is not null)
            old.UnionWith(await stage.Tables.GetTableClient("Jobs").QueryAsync<TableEntity>($"PartitionKey eq '{other}'").Select(row => row.GetString("RequestId")).OfType<string>().ToListAsync());
        var ledger = (await stage.Emulator.LedgerAsync()).Entries.Where(entry => !old.Contains(entry.RequestId)).ToList();
        var rows = await stage.Tables.GetTableClient("Jobs").QueryAsync<TableEntity>($"PartitionKey eq '{batch.Id}'").ToListAsync();
        var audit = new BatchAudit(rows, ledger);
        audit.CheckCounters();
        audit.CheckLedger();
        await audit.CheckFilesAsync(stage, batch.Id);
        await audit.CheckReceiptAsync(stage, batch.Id);
        audit.Summarize();
        return audit;
    }

    private IEnumerable<TableEntity> Jobs => _rows.Where(row => row.RowKey.StartsWith("J|", StringComparison.Ordinal));

    private IEnumerable<TableEntity> Attempts => _rows.Where(row => row.RowKey.StartsWith("R|", StringComparison.Ordinal));

    private TableEntity Counters => _rows.Single(row => row.RowKey == "C");

    private void CheckCounters()
    {
        foreach (var row in _rows.Where(row => Unfinished.Any(kind => row.RowKey.StartsWith(kind, StringComparison.Ordinal))))
            Find(Fault.NotEnded, $"row {row.RowKey} is left");
        foreach (var job in Jobs.Where(job => !EndStates.Contains(job.GetString("State"))))
            Find(Fault.NotEnded, $"job {job["Id"]} is {job["State"]}");
        foreach (var state in EndStates)
            Expect(Fault.Counter, $"jobs {state}", Jobs.Count(job => job.GetString("State") == state), Counters.GetInt32(state) ?? 0);
        foreach (var state in new[] { "Waiting", "Ready", "Generating", "Copying", "LiveTails" })
            Expect(Fault.Counter, $"jobs {state}", 0, Counters.GetInt32(state) ?? 0);
        Expect(Fault.Counter, "jobs of the plan", Counters.GetInt32("Total") ?? 0, Jobs.Count());
        Expect(Fault.Counter, "credits reserved", 0, Credits(Counters, "ReservedCredits"));
        Expect(Fault.Counter, "credits committed", 0, Credits(Counters, "CommittedCredits"));
        Expect(Fault.Counter, "credits charged to jobs", Jobs.Sum(job => Credits(job, "ChargedCredits")), Credits(Counters, "ChargedCredits"));
    }

    private void CheckLedger()
    {
        Expect(Fault.Payment, "credits charged by the API", Charged, Credits(Counters, "ChargedCredits"));
        Expect(Fault.Payment, "credits refunded by the API", _ledger.Where(entry => entry.State == "refunded").Sum(entry => entry.Cost), Credits(Counters, "RefundedCredits"));
        Expect(Fault.Payment, "idempotency keys of submissions", _ledger.Count, _ledger.Select(entry => entry.IdempotencyKey).Distinct().Count());
        var submitted = Attempts.Where(row => row.GetString("RequestId") is not null)
            .Select(row => $"{row["RequestId"]} under {row["IdempotencyKey"]}").Order().ToList();
        var accepted = _ledger.Select(entry => $"{entry.RequestId} under {entry.IdempotencyKey}").Order().ToList();
        foreach (var extra in accepted.Except(submitted))
            Find(Fault.Payment, $"submission {extra} belongs to no attempt");
        foreach (var invented in submitted.Except(accepted))
            Find(Fault.Payment, $"attempt with {invented} is not in the ledger");
    }

    private async Task CheckFilesAsync(Stage stage, string batch)
    {
        var container = stage.Blobs.GetBlobContainerClient("outputs");
        var stored = new Dictionary<string, string>();
        await foreach (var blob in container.GetBlobsAsync(default, default, $"{batch}/", default))
        {
            var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
            stored[blob.Name[(batch.Length + 1)..]] = Convert.ToHexStringLower(SHA256.HashData(content));
        }

        foreach (var job in Jobs.Where(job => job.GetString("State") == "Succeeded"))
        {
            var attempt = _rows.Single(row => row.RowKey == $"R|{job.GetInt32("N"):D6}|{job.GetInt32("Attempt"):D3}");
            var files = JsonDocument.Parse(attempt.GetString("FilesJson")).RootElement.EnumerateArray().ToList();
            if (files.Count == 0)
                Find(Fault.Output, $"job {job["Id"]} has no file");
            foreach (var file in files)
            {
                var path = file.GetProperty("path").GetString()!;
                if (!stored.Remove(path, out var hash))
                    Find(Fault.Output, $"file {path} of job {job["Id"]} is lost, or another job's too");
                else if (hash != file.GetProperty("sha256").GetString())
                    Find(Fault.Output, $"file {path} holds something else than its row says");
            }
        }

        foreach (var path in stored.Keys)
            Find(Fault.Output, $"file {path} belongs to no job");
    }

    private async Task CheckReceiptAsync(Stage stage, string batch)
    {
        var container = stage.Blobs.GetBlobContainerClient("receipts");
        var summary = await container.GetBlobClient($"{batch}/summary.json").DownloadContentAsync();
        using var receipt = JsonDocument.Parse(summary.Value.Content);
        Expect(Fault.Receipt, "credits charged by the receipt", Charged, receipt.RootElement.GetProperty("batch").GetProperty("credits").GetProperty("charged").GetDecimal());
        if (!receipt.RootElement.GetProperty("reconciliation").GetProperty("matches").GetBoolean())
            Find(Fault.Receipt, $"the receipt does not add up: {receipt.RootElement.GetProperty("reconciliation")}");
        Expect(Fault.Receipt, "state by the receipt", Counters.GetString("State"), receipt.RootElement.GetProperty("batch").GetProperty("state").GetString()!);
        foreach (var file in receipt.RootElement.GetProperty("files").EnumerateArray())
        {
            var name = file.GetProperty("name").GetString();
            var content = await container.GetBlobClient($"{batch}/{name}").DownloadContentAsync();
            Expect(Fault.Receipt, $"SHA-256 of {name}", file.GetProperty("sha256").GetString()!, Convert.ToHexStringLower(SHA256.HashData(content.Value.Content)));
        }
    }

    private void Summarize()
    {
        var jobs = Jobs.Select(job => $"{job["Id"]} {job["State"]} in attempt {job["Attempt"]} for {job["ChargedCredits"]}").Order();
        var ledger = _ledger.GroupBy(entry => $"{entry.Model} {entry.Cost} {entry.State}").Select(same => $"{same.Count()} x {same.Key}").Order();
        var credits = new[] { "Estimated", "Charged", "Refunded", "Saved" }.Select(kind => $"{kind} {Counters[kind + "Credits"]}");
        Outcome = string.Join('\n', [$"batch {Counters["State"]} {Counters["ReasonCode"]}", .. jobs, .. ledger, .. credits]);
    }

    private void Expect<T>(Fault kind, string what, T expected, T found)
    {
        if (!Equals(expected, found))
            Find(kind, $"{what}: {found} instead of {expected}");
    }

    private void Find(Fault kind, string what) => _wrong.Add(new Finding(kind, what));

    private static decimal Credits(TableEntity row, string column) =>
        decimal.Parse(row.GetString(column) ?? "0", System.Globalization.CultureInfo.InvariantCulture);
}
