namespace Clipia.Emulator;

/// <summary>What a webhook says. Section 11.3 of the contract.</summary>
internal sealed record WebhookBody(string RequestId, string Status, WebhookPayload? Payload, GenerationError? Error)
{
    public static WebhookBody Of(Generation generation, string origin) =>
        generation.Outcome == GenerationStatus.Completed
            ? new(generation.Id, "OK", new(generation.Model.Slug, Output.Of(generation, origin), generation.Cost), null)
            : new(generation.Id, "ERROR", null, generation.Error ?? GenerationError.Failed);
}

internal sealed record WebhookPayload(string Model, object Output, int Cost);
