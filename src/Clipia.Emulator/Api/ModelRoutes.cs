namespace Clipia.Emulator;

/// <summary>GET /v1/models, GET /v1/models/{slug} and POST /v1/models/{slug}/estimate. Sections 3.4 to 3.7 of the contract.</summary>
internal sealed class ModelRoutes(Modes modes)
{
    private static readonly Reply Catalogue = Reply.Ok(new { Object = "list", Data = (object[])[.. ModelCatalogue.Generation, .. TextModels.All] });

    public static Task<Reply> ListAsync(ApiCall call) => Task.FromResult(Catalogue);

    public static Task<Reply> GetAsync(ApiCall call)
    {
        if (ModelCatalogue.Find(call.Argument) is { } model)
        {
            return Task.FromResult(Reply.Ok(new
            {
                model.Slug, model.Type, model.Name, model.Capabilities, model.Pricing, model.Id, model.Object, model.Created, model.OwnedBy, model.InputSchema,
            }));
        }
        return Task.FromResult(TextModels.Find(call.Argument) is { } text ? Reply.Ok(text) : Errors.ModelNotFound);
    }

    public async Task<Reply> EstimateAsync(ApiCall call)
    {
        if (ModelCatalogue.Find(call.Argument) is not { } model)
            return Errors.ModelNotFound;
        var (body, refusal) = await RequestBody.ReadAsync(call.Http.Request, modes);
        if (body is null)
            return refusal!;
        using (body)
        {
            return InputCheck.Problem(model, body.Input, modes.StrictInput) is { } problem
                ? Errors.InvalidInput(problem)
                : Reply.Ok(new { Credits = model.Pricing.CostOf(new(model, body.Input)) });
        }
    }
}
