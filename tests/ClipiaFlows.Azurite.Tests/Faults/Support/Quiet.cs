using Azure.Data.Tables;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Nothing goes on behind a finished batch: no instance runs, nobody watches it, it holds no slot of the API key.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>Waits for it; the watchdog may have to look first.</summary>
    /// <param name="stage">Where it ran.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="killAt">Where the app is killed meanwhile.</param>
    /// <param name="otherState">The state of a second app that ran it too, and may be about to write its receipt again.</param>
    public static async Task<string?> LackingAsync(Stage stage, string batch, Queue<int>? killAt = null, string? otherState = null)
    {
        var until = DateTime.UtcNow + Limit;
        while (true)
        {
            await stage.ReviveAsync(killAt);
            var noise = await NoiseAsync(stage, batch, otherState);
            if (noise is null || DateTime.UtcNow > until)
                return noise;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<string?> NoiseAsync(Stage stage, string batch, string? otherState)
    {
        if (await RunningAsync(stage.StateFolder, batch) is { } instances)
            return $"instances that have not completed: {instances}";
        if (otherState is not null && await RunningAsync(otherState, batch) is { } others)
            return $"instances of the other app that have not completed: {others}";
        if ((await stage.Tables.GetTableClient("Batches").GetEntityIfExistsAsync<TableEntity>(BatchIndexRow.Active, batch)).HasValue)
            return "the watchdog still watches it";
        await foreach (var key in stage.Tables.GetTableClient("Keys").QueryAsync<TableEntity>())
        {
            if (key.RowKey == SlotRow.KeyOf(batch))
                return $"it holds {key["Held"]} slots and wants {key["Wanted"]}";
        }

        return null;
    }

    private static async Task<string?> RunningAsync(string stateFolder, string batch)
    {
        await using var state = new SqliteConnection($"Data Source={Path.Combine(stateFolder, "durable.db")};Mode=ReadOnly;Pooling=False");
        await state.OpenAsync();
        await using var command = state.CreateCommand();
        // 1 is Completed.
        command.CommandText = "SELECT group_concat(id || ':' || status) FROM instances WHERE status <> 1 AND (id IN ('b-' || $batch, 'o-' || $batch) OR id LIKE 'j-' || $batch || '-%')";
        command.Parameters.AddWithValue("$batch", batch);
        return await command.ExecuteScalarAsync() as string;
    }
}
