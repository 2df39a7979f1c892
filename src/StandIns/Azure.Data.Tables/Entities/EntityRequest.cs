using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>What a request that writes an entity carries, sent by itself or as a part of a transaction.</summary>
internal static class EntityRequest
{
    public const string Json = "application/json";

    private static readonly RequestMethod Merge = RequestMethod.Parse("MERGE");

    public static RequestMethod MethodOf(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => Merge,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentException($"Unexpected value for mode: {mode}", nameof(mode)),
    };

    public static void FillAdd(Request request, ITableEntity entity)
    {
        request.Headers.SetValue("Prefer", "return-no-content");
        SetContent(request, entity);
    }

    /// <summary>Without <paramref name="ifMatch"/> the entity is created when it is not there.</summary>
    public static void FillWrite(Request request, ITableEntity entity, ETag ifMatch)
    {
        if (ifMatch != default)
            request.Headers.SetValue(HttpHeader.Names.IfMatch, ifMatch.ToString());
        SetContent(request, entity);
    }

    public static void FillDelete(Request request, ETag ifMatch) =>
        request.Headers.SetValue(HttpHeader.Names.IfMatch, (ifMatch == default ? ETag.All : ifMatch).ToString());

    private static void SetContent(Request request, ITableEntity entity)
    {
        request.Headers.SetValue(HttpHeader.Names.ContentType, Json);
        request.Content = RequestContent.Create(EntityJson.Write(entity));
    }
}
