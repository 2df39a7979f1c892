using System.Text.Json;

namespace Clipia;

/// <summary>The catalogue and prices. Only reads; may be repeated at will.</summary>
public sealed class ModelsClient
{
    private readonly ClipiaTransport _transport;

    internal ModelsClient(ClipiaTransport transport) => _transport = transport;

    /// <summary>The whole catalogue; the API has no pages and no filter.</summary>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<ModelCatalogue> ListAsync(CancellationToken cancellationToken = default) => ReadListAsync(null, cancellationToken);

    /// <inheritdoc cref="ListAsync(CancellationToken)"/>
    public Task<ModelCatalogue> ListAsync(CallOptions options, CancellationToken cancellationToken = default) => ReadListAsync(options, cancellationToken);

    /// <summary>One model with its input fields and prices.</summary>
    /// <exception cref="ClipiaException">404 <c>not_found</c> for an unknown slug.</exception>
    public Task<Model> GetAsync(string slug, CancellationToken cancellationToken = default) => ReadAsync(slug, null, cancellationToken);

    /// <inheritdoc cref="GetAsync(string, CancellationToken)"/>
    public Task<Model> GetAsync(string slug, CallOptions options, CancellationToken cancellationToken = default) =>
        ReadAsync(slug, options, cancellationToken);

    /// <summary>The exact price of an input.</summary>
    /// <param name="slug">Slug of the model.</param>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <exception cref="ClipiaException">404 for an unknown slug, 422 for an input that does not fit it.</exception>
    public Task<Estimate> EstimateAsync(string slug, JsonElement input, CancellationToken cancellationToken = default) =>
        PriceAsync(slug, input, null, cancellationToken);

    /// <inheritdoc cref="EstimateAsync(string, JsonElement, CancellationToken)"/>
    /// <param name="slug">Slug of the model.</param>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="options">How patient this call is.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public Task<Estimate> EstimateAsync(string slug, JsonElement input, CallOptions options, CancellationToken cancellationToken = default) =>
        PriceAsync(slug, input, options, cancellationToken);

    private Task<ModelCatalogue> ReadListAsync(CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(new Call("list-models", HttpMethod.Get, "/v1/models") { Patience = options }, ModelCatalogue.Read, cancellationToken);

    private Task<Model> ReadAsync(string slug, CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            new Call("get-model", HttpMethod.Get, PathOf(slug)) { Model = slug, Patience = options },
            answer => Model.Read(answer.Raw, answer.RateLimit) ?? throw answer.Unreadable("names no model"),
            cancellationToken);

    private Task<Estimate> PriceAsync(string slug, JsonElement input, CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            new Call("estimate", HttpMethod.Post, $"{PathOf(slug)}/estimate") { Model = slug, Body = RequestBody.Estimate(input), Patience = options },
            Estimate.Read,
            cancellationToken);

    private static string PathOf(string slug) => $"/v1/models/{PathSegment.Encode(slug, nameof(slug))}";
}
