using Azure;

namespace ClipiaFlows.Media;

/// <summary>A stored file that is about to be read.</summary>
/// <param name="Content">Its bytes, from any place; reading fails when the file is replaced meanwhile.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Its version.</param>
/// <param name="LastModified">When it was stored.</param>
public sealed record StoredContent(Stream Content, string ContentType, ETag ETag, DateTimeOffset LastModified);
