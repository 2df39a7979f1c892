using ClipiaFlows.Cli.Commands;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class OptionNamesTests
{
    private static readonly OptionName[] Names =
        [new("--budget", "budgetCredits"), new("--job", "jobs"), new("--buy-again", "buyAgain"), new("--after", "createdAfter"), new("--state", "state")];

    [Theory]
    [InlineData("'/budgetCredits' cannot be -5. Expected a number.", "--budget cannot be -5. Expected a number.")]
    [InlineData("'/jobs/3' cannot be 7.", "--job cannot be 7.")]
    [InlineData("Expected few ids; without 'jobs', all that can be retried are.", "Expected few ids; without --job, all that can be retried are.")]
    [InlineData("It is used up: resume with a higher budgetCredits.", "It is used up: resume with a higher --budget.")]
    [InlineData("Expected no field but jobs, budgetCredits and buyAgain.", "Expected no field but jobs, --budget and --buy-again.")]
    [InlineData("Query parameter 'createdAfter' cannot be 'x'.", "--after cannot be 'x'.")]
    [InlineData("Query parameter 'state' cannot be 'state'.", "--state cannot be 'state'.")]
    [InlineData("Query parameter 'state' cannot be 'budgetCredits'.", "--state cannot be 'budgetCredits'.")]
    [InlineData("There is no job 'jobs'; 3 jobs have ended.", "There is no job 'jobs'; 3 jobs have ended.")]
    [InlineData("Lower policy.budgetCredits, or leave it out.", "Lower policy.budgetCredits, or leave it out.")]
    public void In_Refusal_NamesOptionsAndKeepsValues(string message, string expected) =>
        Assert.Equal(expected, OptionNames.In(message, Names));
}
