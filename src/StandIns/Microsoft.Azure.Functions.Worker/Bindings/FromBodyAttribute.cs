using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Http;

public class FromBodyAttribute() : InputConverterAttribute(typeof(FromBodyConverter));

// The genuine converter is internal too; here the local runtime reads the body itself and only the type is named.
internal static class FromBodyConverter;
