using System.Text.Json;

namespace Clipia;

/// <summary>The catalogue and prices. Only reads; may be repeated at will.</summary>
public sealed class ModelsClient
{
    private readonly ClipiaTransport _transport;

    internal ModelsClient(ClipiaTransport transport) => _transport = transport;

    /// <summary>The whole catalogue; the API has no pages and no filter.</summary>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<ModelCatalogue> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync(new Call("list-models", HttpMethod.Get, "/v1/models"), ModelCatalogue.Read, cancellationToken);

    /// <summary>One model with its input fields and prices.</summary>
    /// <exception cref="ClipiaException">404 <c>not_found</c> for an unknown slug.</exception>
    public Task<Model> GetAsync(string slug, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            new Call("get-model", HttpMethod.Get, PathOf(slug)) { Model = slug },
            answer => Model.Read(answer.Raw, answer.RateLimit) ?? throw answer.Unreadable("names no model"),
            cancellationToken);

    /// <summary>The exact price of an input.</summary>
    /// <param name="slug">Slug of the model.</param>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <exception cref="ClipiaException">404 for an unknown slug, 422 for an input that does not fit it.</exception>
    public Task<Estimate> EstimateAsync(string slug, JsonElement input, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            new Call("estimate", HttpMethod.Post, $"{PathOf(slug)}/estimate") { Model = slug, Body = RequestBody.Estimate(input) },
            Estimate.Read,
            cancellationToken);

    private static string PathOf(string slug) => $"/v1/models/{PathSegment.Encode(slug, nameof(slug))}";
}
