using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>The process dies here.</summary>
internal sealed class CrashException : Exception;

/// <summary>Kills the process at one of its next writes: before it is stored, or after, so that its answer is lost.</summary>
internal sealed class Crashes
{
    private int _writesLeft = int.MaxValue;
    private bool _after;

    public void Plan(int writesFromNow, bool after) => (_writesLeft, _after) = (writesFromNow, after);

    public void Forget() => _writesLeft = int.MaxValue;

    public void Around(Action write)
    {
        var now = _writesLeft-- <= 0;
        if (now && !_after)
            throw new CrashException();
        write();
        if (now)
            throw new CrashException();
    }
}

/// <summary>Documents as JSON texts in memory, with a hook before each accepted write.</summary>
internal sealed class MemoryDocuments<T>(Crashes crashes) : IDocuments<T>
    where T : class, IDocument<T>
{
    private readonly SortedDictionary<string, string> _stored = new(StringComparer.Ordinal);

    public Action<T?, T> Accepting { get; set; } = (_, _) => { };

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_stored)
                return [.. _stored.Values.Select(Read)];
        }
    }

    public Task<bool> InsertAsync(T document, CancellationToken cancellation = default) =>
        Task.FromResult(Write(document.WithVersion(1), expected: null));

    public Task<T?> GetAsync(string id, CancellationToken cancellation = default)
    {
        lock (_stored)
            return Task.FromResult(_stored.TryGetValue(id, out var text) ? Read(text) : null);
    }

    public Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default)
    {
        var next = document.WithVersion(document.Version + 1);
        return Task.FromResult(Write(next, document.Version) ? next : null);
    }

    public async IAsyncEnumerable<T> FindAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    )
    {
        List<string> found;
        lock (_stored)
            found = [.. _stored.Values.Where(text => Matches(JsonNode.Parse(text)!, equal))];
        await Task.CompletedTask;
        foreach (var text in found)
            yield return Read(text);
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default)
    {
        lock (_stored)
            return Task.FromResult(_stored.Remove(id));
    }

    private bool Write(T next, int? expected)
    {
        lock (_stored)
        {
            var before = _stored.TryGetValue(next.Id, out var text) ? Read(text) : null;
            if (before?.Version != expected)
                return false;
            crashes.Around(() =>
            {
                Accepting(before, next);
                _stored[next.Id] = JsonSerializer.Serialize(next, WireFormat.Options);
            });
            return true;
        }
    }

    private static bool Matches(JsonNode document, (string Field, string Value)[] equal) =>
        equal.All(pair => document[pair.Field]?.GetValue<string>() == pair.Value);

    private static T Read(string text) => JsonSerializer.Deserialize<T>(text, WireFormat.Options)!;
}
