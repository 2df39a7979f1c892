using System.CommandLine;

namespace ClipiaFlows.Cli.Commands;

/// <summary>The option of lists that says how many entries are wanted.</summary>
internal static class Limits
{
    public static Option<int> Create(string what, int usual)
    {
        var option = new Option<int>("--limit")
        {
            Description = $"The most {what} to list. Default: {usual}.",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit must be a number from 1.");
        });
        return option;
    }
}
