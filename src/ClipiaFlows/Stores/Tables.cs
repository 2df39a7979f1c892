namespace ClipiaFlows.Stores;

/// <summary>The three tables of the product.</summary>
/// <param name="Jobs">Everything about a batch and its jobs; the partition is the batch.</param>
/// <param name="Batches">The list of batches, and which of them are active.</param>
/// <param name="Keys">The pace of each API key.</param>
public sealed record Tables(IRowStore Jobs, IRowStore Batches, IRowStore Keys);
