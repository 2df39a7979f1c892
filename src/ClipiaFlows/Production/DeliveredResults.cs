using Clipia;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>Takes what a verified delivery brought into the row of the attempt that it belongs to; the caller writes the row.</summary>
public sealed class DeliveredResults(UsualDurations durations, TimeProvider time)
{
    /// <summary>Takes the output and the price.</summary>
    /// <returns><c>false</c> when the delivery brings no file, or one that cannot be read; nothing is changed then.</returns>
    public bool TryTake(WebhookDelivery delivery, AttemptRow attempt)
    {
        // A success without all its files is no last word: the result endpoint may have them, and they are paid for.
        if (delivery.Output is not { } output || delivery.Files.Count == 0 || MediaFiles.Places(output).Any(place => place.File is null))
            return false;
        var now = time.GetUtcNow();
        attempt.OutputJson = GeneratedOutput.Storable(output);
        attempt.Cost = delivery.Cost ?? attempt.Cost;
        (attempt.DeliveredAt, attempt.ByWebhook) = (now, true);
        durations.LearnDelivery(isLost: false);
        durations.Learn(attempt.Model, now - attempt.SubmittedAt!.Value);
        return true;
    }
}
