using Azure.Core;

namespace Azure.Data.Tables;

public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionString = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };

        string[] shown = ["x-ms-continuation-NextPartitionKey", "x-ms-continuation-NextRowKey", "DataServiceVersion", "Prefer"];
        foreach (var header in shown)
            Diagnostics.LoggedHeaderNames.Add(header);
        foreach (var parameter in new[] { "$format", "$filter", "$top", "$select" })
            Diagnostics.LoggedQueryParameters.Add(parameter);
    }

    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    internal string VersionString { get; }
}
