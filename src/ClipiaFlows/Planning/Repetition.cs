using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>One job that a job as written stands for: a value of each variable it names, and a replica number.</summary>
internal sealed class Repetition(JobTemplate template, int n, int[] values, int replica)
{
    public JobTemplate Template { get; } = template;

    public int N { get; } = n;

    /// <summary>Positions in the values of <see cref="JobTemplate.Variables"/>.</summary>
    public int[] Values { get; } = values;

    public int Replica { get; } = replica;

    public string Id { get; set; } = "";

    /// <summary>True when another job has the id too; that is told already.</summary>
    public bool IsDouble { get; set; }

    public string? Model { get; set; }

    public JsonElement Value(string name)
    {
        var at = Template.IndexOf(name);
        return Template.Variables[at].Values[Values[at]];
    }

    /// <summary>What a variable stands for in this repetition, as text.</summary>
    public string Text(string name, PlanFacts facts)
    {
        facts.Budget.Spend();
        return TextOf(name, facts);
    }

    private string TextOf(string name, PlanFacts facts) => name switch
    {
        Variables.Batch => facts.BatchId,
        Variables.Date => facts.Date,
        Variables.Index => Replica.ToString(CultureInfo.InvariantCulture),
        Variables.Job => Id,
        Variables.Model => Model ?? "",
        Variables.Ext => OutputPathTemplate.Ext,
        Variables.Output => OutputPathTemplate.Output,
        _ => facts.Texts.Text(Template.Variables[Template.IndexOf(name)], Values[Template.IndexOf(name)]),
    };

    /// <summary>What a variable becomes in ids.</summary>
    public string IdPart(string name, PlanFacts facts)
    {
        facts.Budget.Spend();
        return Variables.BuiltIn.Contains(name)
            ? Slug.ForId(TextOf(name, facts))
            : facts.Texts.IdPart(Template.Variables[Template.IndexOf(name)], Values[Template.IndexOf(name)]);
    }

    /// <summary>What a variable becomes in output paths.</summary>
    public string PathPart(string name, PlanFacts facts)
    {
        facts.Budget.Spend();
        return PathPartOf(name, facts);
    }

    private string PathPartOf(string name, PlanFacts facts) => name switch
    {
        Variables.Ext or Variables.Output => Text(name, facts),
        _ when Variables.BuiltIn.Contains(name) => Slug.ForPath(Text(name, facts)),
        _ => facts.Texts.PathPart(Template.Variables[Template.IndexOf(name)], Values[Template.IndexOf(name)]),
    };

    public IReadOnlyDictionary<string, string> AllVariables(PlanFacts facts) =>
        Template.Variables.ToDictionary(variable => variable.Name, variable => Text(variable.Name, facts));
}

/// <summary>What is the same for all jobs of a plan.</summary>
internal sealed record PlanFacts(string BatchId, string Date, PlanningBudget Budget)
{
    public VariableTexts Texts { get; } = new();
}
