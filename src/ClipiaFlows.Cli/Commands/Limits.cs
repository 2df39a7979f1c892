using System.CommandLine;
using System.Globalization;

namespace ClipiaFlows.Cli.Commands;

/// <summary>The option of lists that says how many entries are wanted.</summary>
internal static class Limits
{
    public static Option<int> Create(string what, int usual)
    {
        var option = new Option<int>("--limit")
        {
            Description = $"The most {what} to list.",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            // What is no number at all the parser tells, and its value cannot be asked for here.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number < 1)
                result.AddError("--limit must be a number from 1.");
        });
        return option;
    }
}
