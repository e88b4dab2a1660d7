using System.Collections.Concurrent;
using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Http.Idempotency;

/// <summary>Remembers for a day what was asked under a key and what was answered.</summary>
internal sealed class IdempotencyBook(IDocuments<IdempotencyDocument> documents, TimeProvider time)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // A worker of another machine cannot be asked whether it lives; no upload is let run this long.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    // What this process works on; an entry of its own that is not among them was given up.
    private readonly ConcurrentDictionary<string, bool> _underWay = new();

    /// <summary>Enters a request: itself where it is the first under its key, else the one that was there.</summary>
    public async Task<(IdempotencyDocument Entry, bool IsFirst)> EnterAsync(
        string caller,
        string key,
        string request,
        CancellationToken cancellation
    )
    {
        var id = ContentHash.Of($"{caller}\n{key}");
        var digits = ContentHash.Short(id);
        var began = time.GetUtcNow();
        var entry = new IdempotencyDocument
        {
            Id = id,
            Request = request,
            Name = string.Create(CultureInfo.InvariantCulture, $"{began:yyyyMMdd-HHmmss}-{digits}"),
            Began = began,
            Owner = RunOwner.Current(),
        };
        // Before the store is asked: until it is, another request must not take the entry for given up.
        var free = _underWay.TryAdd(entry.Id, true);
        var first = false;
        try
        {
            while (true)
            {
                if (free && await documents.InsertAsync(entry, cancellation))
                    return (entry.WithVersion(1), first = true);
                if (await documents.GetAsync(entry.Id, cancellation) is not { } known)
                {
                    if (free)
                        continue;
                    return (entry, false);
                }
                if (!free || !IsOver(known))
                    return (known, false);
                if (await documents.ReplaceAsync(Next(known, entry), cancellation) is { } taken)
                    return (taken, first = true);
            }
        }
        finally
        {
            if (free && !first)
                _underWay.TryRemove(entry.Id, out _);
        }
    }

    /// <summary>Keeps the answer of a request that was entered as the first.</summary>
    public Task AnswerAsync(IdempotencyDocument entry, string body, IdempotentAnswer answer) =>
        LeaveAsync(entry, () => documents.ReplaceAsync(entry with { Body = body, Answer = answer }));

    /// <summary>A request came to nothing, as far as one can tell: it may be made again.</summary>
    public Task ReleaseAsync(IdempotencyDocument entry) =>
        LeaveAsync(entry, () => documents.ReplaceAsync(entry with { Released = true }));

    /// <summary>Removes what is older than a day.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var old = new List<string>();
        await foreach (var entry in documents.FindAsync(cancellation))
            if (IsOver(entry))
                old.Add(entry.Id);
        foreach (var id in old)
            await documents.DeleteAsync(id, cancellation);
    }

    /// <summary>The next attempt at what was never answered, or, after a day, something new.</summary>
    private IdempotencyDocument Next(IdempotencyDocument known, IdempotencyDocument entry)
    {
        var isNextAttempt = known.Name.Length > 0 && time.GetUtcNow() - known.Began <= Kept;
        return entry with { Version = known.Version, Name = isNextAttempt ? known.Name : entry.Name };
    }

    private bool IsOver(IdempotencyDocument entry)
    {
        var age = time.GetUtcNow() - entry.Began;
        return age > Kept || (entry.Answer is null && (entry.Released || age > Abandoned || IsGivenUp(entry)));
    }

    private async Task LeaveAsync(IdempotencyDocument entry, Func<Task> write)
    {
        try
        {
            await write();
        }
        finally
        {
            _underWay.TryRemove(entry.Id, out _);
        }
    }

    private bool IsGivenUp(IdempotencyDocument entry)
    {
        var me = RunOwner.Current();
        return entry.Owner == me
            ? !_underWay.ContainsKey(entry.Id)
            : entry.Owner.BootId == me.BootId && !entry.Owner.IsAlive();
    }
}
