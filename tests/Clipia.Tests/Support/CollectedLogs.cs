using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Clipia.Tests.Support;

/// <summary>Everything that is logged, at every level, with scopes and structured values.</summary>
public sealed class CollectedLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Add("scope", state);
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Add(logLevel.ToString(), state);
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }

    private void Add(string kind, object? state)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            _lines.Enqueue($"{kind}: {string.Join(", ", values.Select(value => $"{value.Key}={value.Value}"))}");
    }
}
