using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>An app with <c>Limits:MaxBudgetCredits</c>.</summary>
public sealed class BudgetLimitTests
{
    [Fact]
    public async Task Batch_OfAnAppWithAHighestBudget_NeitherGivesItselfMoreNorGetsMore()
    {
        await using var stack = await RunningStack.StartAsync(clockScale: 10, appSettings: new() { ["Limits__MaxBudgetCredits"] = "20" });
        using var http = new HttpClient { BaseAddress = new(stack.Local.AppUrl, "api/") };
        var manifest = JsonSerializer.SerializeToElement(new
        {
            defaults = new { model = "nano-banana-2" },
            jobs = Enumerable.Range(0, 8).Select(n => new { id = $"a{n}", input = new { prompt = $"fox {n}" } }),
        });
        var greedy = JsonSerializer.SerializeToElement(new { policy = new { budgetCredits = 20.5 }, jobs = new[] { new { id = "a", model = "nano-banana-2", input = new { prompt = "fox" } } } });

        using var plan = await http.PostAsJsonAsync("batches?dryRun=true", manifest);
        using var greedyPlan = await http.PostAsJsonAsync("batches?dryRun=true", greedy);
        using var greedyStart = await http.PostAsJsonAsync("batches", greedy);
        using var started = await http.PostAsJsonAsync("batches", manifest);
        var batch = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var paused = await stack.FinishAsync(batch);
        using var resumed = await http.PostAsJsonAsync($"batches/{batch}/resume", new { budgetCredits = 24 });

        Assert.Equal(20, (await plan.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("credits").GetProperty("budget").GetDecimal());
        Assert.Equal(("Paused", 20m, 20m), (paused.State, paused.Credits.Charged, paused.Credits.Budget));
        foreach (var (refused, budget) in new[] { (greedyPlan, "20.5"), (greedyStart, "20.5"), (resumed, "24") })
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "budget_above_limit"), (refused.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Equal($"A budget of {budget} credits is above the highest that this app allows, 20.", problem.GetProperty("title").GetString());
        }
    }
}
