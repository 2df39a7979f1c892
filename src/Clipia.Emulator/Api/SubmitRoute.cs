namespace Clipia.Emulator;

/// <summary>POST /v1/models/{slug}. Section 3.1 and 8 of the contract.</summary>
internal sealed class SubmitRoute(
    EmulatorOptions options, Modes modes, GenerationDesk desk, IdempotencyKeys idempotency, Scenarios scenarios, WebhookSender webhooks)
{
    private const int LongestIdempotencyKey = 255;

    public async Task<Reply> HandleAsync(ApiCall call)
    {
        if (!call.Key.MayGenerate)
            return Errors.InsufficientScope;
        if (ModelCatalogue.Find(call.Argument) is not { } model)
            return Errors.ModelNotFound;

        var headers = call.Http.Request.Headers["Idempotency-Key"];
        var idempotencyKey = headers.Count == 0 ? null : headers.ToString();
        if (idempotencyKey is not null && !IsAcceptable(idempotencyKey))
            return Errors.InvalidRequest("Idempotency-Key must be 1 to 255 printable ASCII characters.");
        if (idempotencyKey is not null && !modes.AcceptsIdempotencyKey(idempotencyKey))
            return Errors.InvalidRequest("Idempotency-Key must be a UUID.");

        var (body, refusal) = await RequestBody.ReadAsync(call.Http.Request, modes);
        if (body is null)
            return refusal!;
        using (body)
        {
            return idempotencyKey is null
                ? (await AcceptAsync(call, model, body, null, null)).Reply
                : await AcceptOnceAsync(call, model, body, idempotencyKey);
        }
    }

    private async Task<Reply> AcceptOnceAsync(ApiCall call, GenerationModel model, RequestBody body, string idempotencyKey)
    {
        var fingerprint = CanonicalJson.Fingerprint(model.Slug, body.Input, body.WebhookUrl);
        var scope = IdempotencyKeys.ScopeOf(call.Key, idempotencyKey);
        var claim = idempotency.Take(scope, fingerprint);
        switch (claim.Kind)
        {
            case ClaimKind.InProgress:
                return Errors.RequestInProgress;
            case ClaimKind.Reuse:
                return Errors.IdempotencyKeyReuse;
            case ClaimKind.Replay:
                // Found again by id, so that one whose time has come is settled first.
                return Reply.Ok(SubmitReply.Of(desk.Find(claim.Generation!.Id)!, call.Origin, options.Time.GetUtcNow()));
        }

        Generation? accepted = null;
        try
        {
            (accepted, var reply) = await AcceptAsync(call, model, body, idempotencyKey, fingerprint);
            return reply;
        }
        finally
        {
            if (accepted is null)
                idempotency.Release(scope);
            else
                idempotency.Keep(scope, accepted);
        }
    }

    private async Task<(Generation? Accepted, Reply Reply)> AcceptAsync(
        ApiCall call, GenerationModel model, RequestBody body, string? idempotencyKey, string? fingerprint)
    {
        if (InputCheck.Problem(model, body.Input, modes.StrictInput) is { } problem)
            return (null, Errors.InvalidInput(problem));

        var id = Guid.NewGuid().ToString();
        var cost = model.Pricing.CostOf(new(model, body.Input));
        var occasion = new Occasion(model.Slug, call.Key) { Input = new(model, body.Input) };
        var acceptance = desk.Accept(new(id, call.Key, model, body.Input.GetRawText(), cost, () => CourseOf(id, model, occasion), call.Origin)
        {
            WebhookUrl = body.WebhookUrl,
            IdempotencyKey = idempotencyKey,
            Fingerprint = fingerprint,
        });
        if (acceptance.Generation is not { } generation)
            return (null, acceptance.Kind == AcceptanceKind.TooManyRunning ? Errors.TooManyRunning : Errors.InsufficientCredits);

        var reply = Reply.Ok(SubmitReply.Of(generation, call.Origin, generation.CreatedAt));
        await acceptance.Committed!;
        if (generation.WebhookUrl is not null && scenarios.Match(Effects.EarlyWebhook, occasion) is not null)
            await AnnounceEarlyAsync(generation);
        else if (call.Key.IsTest)
            reply = reply with { Announce = generation.Delivery };
        if (scenarios.Match(Effects.DelayResponse, occasion) is { } delay)
            await Task.Delay(TimeSpan.FromSeconds(delay.Seconds ?? 1), options.Time);
        return (generation, reply);
    }

    private Course CourseOf(string id, GenerationModel model, Occasion occasion)
    {
        if (occasion.Key!.IsTest)
            return Course.Immediate;
        var course = Course.For(id, model.IsImage ? options.ImageSeconds : options.VideoSeconds);
        if (scenarios.Match(Effects.Slow, occasion) is { } slow)
            course = course with { Total = course.Total * (slow.Factor ?? 10) };
        if (scenarios.Match(Effects.Cancel, occasion) is not null)
            return course with { Outcome = GenerationStatus.Canceled, Error = GenerationError.Canceled };
        if (scenarios.Match(Effects.Fail, occasion) is { } fail)
        {
            var error = new GenerationError(fail.Code ?? GenerationError.Failed.Code, fail.Message ?? GenerationError.Failed.Message);
            return course with { Outcome = GenerationStatus.Failed, Error = error };
        }
        return course;
    }

    /// <summary>The receiver hears of the end before the submitter hears of the acceptance.</summary>
    private async Task AnnounceEarlyAsync(Generation generation)
    {
        if (generation.Delivery is null)
            desk.Hurry(generation);
        if (generation.Delivery is { Dropped: false } delivery)
            await webhooks.AttemptAsync(delivery);
    }

    private static bool IsAcceptable(string key) =>
        key.Length is > 0 and <= LongestIdempotencyKey && key.All(c => c is >= ' ' and <= '~');
}
