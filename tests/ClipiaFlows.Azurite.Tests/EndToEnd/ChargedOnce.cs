using System.Security.Cryptography;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>What must be true of every finished batch, whatever happened on the way.</summary>
internal static class ChargedOnce
{
    /// <summary>Every job succeeded, was charged once, and has files that are what the records say.</summary>
    public static async Task VerifyAsync(RunningStack stack, Batch batch, Ledger before)
    {
        Assert.True(batch.IsSuccess, ProgressDisplay.Describe(batch));
        var ledger = await stack.Emulator.LedgerAsync();

        // No other batch has submitted anything in between: those that share a stack run one after the other.
        var entries = ledger.Entries.Where(entry => before.Entries.All(old => old.RequestId != entry.RequestId)).ToList();
        var jobs = await stack.ResultsAsync(batch.Id);

        Assert.Equal(batch.Jobs.Total, jobs.Count);
        Assert.Equal(jobs.Select(job => job.RequestId).Order(), entries.Select(entry => entry.RequestId).Order());
        Assert.All(entries, entry => Assert.Equal("charged", entry.State));
        Assert.Equal(entries.Sum(entry => entry.Cost), batch.Credits.Charged);
        Assert.Equal(batch.Credits.Estimated, batch.Credits.Charged);
        await VerifyFilesAsync(stack, batch, jobs);
    }

    public static async Task VerifyFilesAsync(RunningStack stack, Batch batch, IReadOnlyList<Job> jobs)
    {
        var outputs = jobs.SelectMany(job => job.Outputs).ToList();
        Assert.All(jobs, job => Assert.NotEmpty(job.Outputs));
        Assert.Equal(outputs.Count, outputs.Select(output => output.Path).Distinct().Count());
        foreach (var output in outputs)
        {
            using var file = new MemoryStream();
            await stack.App.DownloadAsync(batch.Id, output, file, CancellationToken.None);
            Assert.Equal(output.Sha256, Convert.ToHexStringLower(SHA256.HashData(file.ToArray())));
            Assert.Equal(output.Bytes, file.Length);
        }
    }
}
