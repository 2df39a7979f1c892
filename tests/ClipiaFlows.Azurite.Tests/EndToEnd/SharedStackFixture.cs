namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>One stack for the tests that leave it as they found it. They run one after the other.</summary>
public sealed class SharedStackFixture : IAsyncLifetime
{
    private RunningStack? _running;

    internal RunningStack Running => _running!;

    public async Task InitializeAsync() => _running = await RunningStack.StartAsync();

    public async Task DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedStackUsers : ICollectionFixture<SharedStackFixture>
{
    public const string Name = "Shared stack";
}
