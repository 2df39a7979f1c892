using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>No command lets a batch spend more than <c>Limits:MaxBudgetCredits</c>.</summary>
public sealed class BudgetLimitTests : IDisposable
{
    private const string Batch = "spring";
    private readonly BatchHarness _flow = new();

    public void Dispose() => _flow.Dispose();

    [Fact]
    public async Task Resume_UnderABudgetAboveTheLimit_IsRefusedAndNothingIsWritten()
    {
        await SeedPausedAsync(budget: 8);
        _flow.Limits.MaxBudgetCredits = 50;

        var refused = await _flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 50.5m }, "op");
        var accepted = await _flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 50 });

        Assert.Equal(new CommandReceipt.AboveLimit(50.5m, 50), refused);
        Assert.Null(await _flow.Commands.FindAsync(Batch, "op", default));
        Assert.IsType<CommandReceipt.Accepted>(accepted);
        Assert.Equal((BatchState.Running, 50m), await StateAndBudgetAsync());
    }

    [Fact]
    public async Task Resume_OwnBudgetAboveALimitThatWasLowered_WantsABudgetWithinIt()
    {
        await SeedPausedAsync(budget: 500);
        _flow.Limits.MaxBudgetCredits = 100;

        var refused = await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        Assert.Equal((BatchState.Paused, 500m), await StateAndBudgetAsync());
        await _flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 90 });

        Assert.Equal(new CommandReceipt.AboveLimit(500, 100), refused);
        Assert.Equal((BatchState.Running, 90m), await StateAndBudgetAsync());
    }

    [Fact]
    public async Task Resume_NoBudget_GetsTheLimitAsItsOwn()
    {
        await SeedPausedAsync(budget: null);
        _flow.Limits.MaxBudgetCredits = 30;

        await _flow.CommandAsync(Batch, new(CommandKind.Resume));

        Assert.Equal((BatchState.Running, 30m), await StateAndBudgetAsync());
    }

    [Fact]
    public async Task Resume_NoBudgetAndMoreBoundThanTheLimit_IsRefused()
    {
        await SeedPausedAsync(budget: null);
        _flow.Limits.MaxBudgetCredits = 23;

        Assert.Equal(new CommandReceipt.AboveLimit(24, 23), await _flow.CommandAsync(Batch, new(CommandKind.Resume)));
        Assert.Equal((BatchState.Paused, null), await StateAndBudgetAsync());
    }

    [Theory]
    [InlineData(500, null, 500)]
    [InlineData(8, 101, 101)]
    public async Task Retry_BudgetThatWouldApplyAboveTheLimit_IsRefused(int own, int? given, int above)
    {
        await SeedFailedAsync(own);
        _flow.Limits.MaxBudgetCredits = 100;

        var request = new CommandRequest(CommandKind.Retry) { BudgetCredits = given };

        Assert.Equal(new CommandReceipt.AboveLimit(above, 100), await _flow.Commands.CheckLimitAsync(Batch, request, default));
        Assert.Equal(new CommandReceipt.AboveLimit(above, 100), await _flow.Commands.IssueAsync(Batch, request, null, _flow.Client, default));
        Assert.Equal((BatchState.CompletedWithFailures, own), await StateAndBudgetAsync());
    }

    [Theory]
    [InlineData(500, 60, 60)]
    [InlineData(40, null, 40)]
    [InlineData(null, null, 100)]
    public async Task Retry_BudgetWithinTheLimit_IsTheBatchsFromThenOn(int? own, int? given, int then)
    {
        await SeedFailedAsync(own);
        _flow.Limits.MaxBudgetCredits = 100;

        Assert.IsType<CommandReceipt.Accepted>(
            await _flow.Commands.IssueAsync(Batch, new(CommandKind.Retry) { BudgetCredits = given }, null, _flow.Client, default));
        await _flow.NewAdvance().RunAsync(new() { Batch = Batch }, _flow.Client, default);

        Assert.Equal(then, (await StateAndBudgetAsync()).Budget);
    }

    [Fact]
    public async Task Retry_BudgetBelowWhatIsBound_IsRefused()
    {
        await SeedFailedAsync(40);

        var refused = await _flow.Commands.IssueAsync(Batch, new(CommandKind.Retry) { BudgetCredits = 3 }, null, _flow.Client, default);

        Assert.Equal("budget_too_low", Assert.IsType<CommandReceipt.Impossible>(refused).Refusal.Code);
    }

    [Fact]
    public async Task Resume_NoLimit_TakesAnyBudget()
    {
        await SeedPausedAsync(budget: 8);

        await _flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 1_000_000 });

        Assert.Equal((BatchState.Running, 1_000_000m), await StateAndBudgetAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    public void Options_NotAboveZero_AreRefusedByName(string value) => Assert.Contains(
        "Limits:MaxBudgetCredits must be a number of credits above 0",
        Assert.Throws<OptionsValidationException>(() => Bind(value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_NoNumber_AreRefusedByName() => Assert.Contains(
        "Limits:MaxBudgetCredits", Assert.Throws<InvalidOperationException>(() => Bind("many")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", null)]
    [InlineData("250.5", 250.5)]
    public void Options_EmptyOrAboveZero_AreTaken(string value, double? limit) => Assert.Equal((decimal?)limit, Bind(value).MaxBudgetCredits);

    private static LimitOptions Bind(string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Limits:MaxBudgetCredits", value)]).Build();
        var services = new ServiceCollection();
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection(LimitOptions.Section)).ValidateDataAnnotations();
        return services.BuildServiceProvider().GetRequiredService<IOptions<LimitOptions>>().Value;
    }

    /// <summary>A batch whose first six jobs were paid, 24 credits, and that then paused.</summary>
    private async Task SeedPausedAsync(decimal? budget)
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Repeat(0, 12).Select(_ => new SeedJob())], batch => batch.Budget = budget);
        if (budget is null or > 8)
            await _flow.RunToEndAsync(Batch, rounds: 1);
        await _flow.CommandAsync(Batch, new(CommandKind.Pause));
        foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
            await _flow.EndAsync(Batch, job, JobState.Failed);
        await _flow.AdvanceAsync(Batch);
    }

    private async Task SeedFailedAsync(decimal? budget)
    {
        await _flow.SeedAsync(Batch, [new(), new()], batch => batch.Budget = budget);
        await _flow.RunToEndAsync(Batch, job => job.N == 0 ? JobState.Failed : JobState.Succeeded);
        var batch = await _flow.BatchAsync(Batch);
        batch.State = BatchState.CompletedWithFailures;
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Putting(batch), default);
    }

    private async Task<(BatchState State, decimal? Budget)> StateAndBudgetAsync()
    {
        var batch = await _flow.BatchAsync(Batch);
        return (batch.State, batch.Budget);
    }
}
