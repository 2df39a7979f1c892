using System.Globalization;

namespace ClipiaFlows.Planning;

/// <summary>The rule by which a planned output path becomes the path of one output.</summary>
public static class OutputPathTemplate
{
    /// <summary>Stands for the extension, without dot.</summary>
    public const string Ext = "{{ext}}";

    /// <summary>Stands for the number of the output among its job's, from 1.</summary>
    public const string Output = "{{output}}";

    /// <summary>
    /// The path of an output. Where the template does not name <c>{{output}}</c>, further outputs have <c>-2</c>,
    /// <c>-3</c> … before the extension.
    /// </summary>
    /// <param name="planned"><see cref="PlannedJob.OutputPath"/>.</param>
    /// <param name="ext">Extension without dot, such as <c>png</c>.</param>
    /// <param name="number">From 1.</param>
    public static string Name(string planned, string ext, int number)
    {
        var written = number.ToString(CultureInfo.InvariantCulture);
        if (number > 1 && !planned.Contains(Output, StringComparison.Ordinal))
        {
            var file = planned.LastIndexOf('/') + 1;
            var dot = planned.LastIndexOf('.');
            planned = planned.Insert(dot > file ? dot : planned.Length, $"-{written}");
        }

        return planned
            .Replace(Output, written, StringComparison.Ordinal)
            .Replace(Ext, ext, StringComparison.Ordinal);
    }
}
