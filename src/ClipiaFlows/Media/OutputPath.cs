using System.Globalization;

namespace ClipiaFlows.Media;

/// <summary>Where an output is stored: the batch's folder, then the path of the plan with what only now is known.</summary>
public static class OutputPath
{
    private const string ExtensionVariable = "{{ext}}";
    private const string NumberVariable = "{{output}}";

    /// <summary>
    /// The path below the batch's folder. The template was validated at planning and names at most <c>{{ext}}</c> and
    /// <c>{{output}}</c>; without the latter, outputs after the first have <c>-2</c>, <c>-3</c> … before the extension.
    /// </summary>
    /// <param name="template">The plan's path.</param>
    /// <param name="extension">Of the verified media type, without the dot.</param>
    /// <param name="index">Of the output, from 0.</param>
    public static string For(string template, string extension, int index)
    {
        var number = (index + 1).ToString(CultureInfo.InvariantCulture);
        var numbered = template.Contains(NumberVariable, StringComparison.Ordinal) || index == 0
            ? template.Replace(NumberVariable, number, StringComparison.Ordinal)
            : InsertBeforeExtension(template, "-" + number);
        return numbered.Replace(ExtensionVariable, extension, StringComparison.Ordinal);
    }

    private static string InsertBeforeExtension(string path, string suffix)
    {
        var name = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        return dot > name ? path.Insert(dot, suffix) : path + suffix;
    }
}
