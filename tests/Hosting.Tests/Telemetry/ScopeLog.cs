using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Hosting.Tests.Telemetry;

/// <summary>Keeps lines of the log with the scopes that they were written in.</summary>
internal sealed class ScopeLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentDictionary<string, List<(string, string?)>> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public List<(string, string?)>? ScopeOf(string line) => _lines.GetValueOrDefault(line);

    public ILogger CreateLogger(string categoryName) => new Lines(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Lines(ScopeLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var fields = new List<(string, string?)>();
            log._scopes.ForEachScope(
                (scope, all) =>
                {
                    if (scope is Dictionary<string, object> named)
                        all.AddRange(named.Select(pair => (pair.Key, pair.Value.ToString())));
                },
                fields
            );
            log._lines[formatter(state, exception)] = fields;
        }
    }
}
