using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Planning;

/// <summary>Asks for a plan until all prices are known: a large plan is priced at the pace of the API key.</summary>
internal static class PlanRequest
{
    public static Task<Plan> RunAsync(AppClient app, ManifestFile manifest, string jobs, bool strict, CancellationToken cancellation) =>
        Talk.WhileAsync("Planning", async say =>
        {
            while (true)
            {
                var plan = await app.PlanAsync(manifest.Content, jobs, strict, cancellation);
                if (plan.GoOnAfter is not { } pause)
                    return plan;
                say($"Pricing: {plan.Counts.Total - plan.Counts.Unpriced} of {plan.Counts.Total} jobs, {plan.Counts.UnpricedInputs} different inputs to go");
                await Task.Delay(pause, cancellation);
            }
        });
}
