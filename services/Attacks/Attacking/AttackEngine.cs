using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>
/// Attacks several examples side by side, so that the texts which all their searches wait for fill the model's batches. What
/// comes of an example does not depend on those beside it.
/// </summary>
internal sealed class AttackEngine(IVictim victim, AttackRecipe recipe, AttackLimits limits, TimeProvider time)
{
    /// <summary>Enough for full batches where a step of a search asks for four texts.</summary>
    private const int SideBySide = 64;

    /// <summary>The results in the order of the examples, each as soon as it and all before it are there.</summary>
    public IEnumerable<AttackedText> Run(IEnumerable<AttackedExample> examples, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        using var waiting = examples.GetEnumerator();
        var running = new Queue<Running>();
        while (true)
        {
            while (running.Count < SideBySide && waiting.MoveNext())
                running.Enqueue(new(new AttackSession(waiting.Current, recipe, victim, limits)));
            while (running.TryPeek(out var first) && first.Result is { } result)
            {
                running.Dequeue();
                yield return result;
            }
            if (running.Count == 0)
                yield break;
            if (running.All(one => one.Result is not null))
                continue;
            Ask([.. running.Where(one => one.Result is null)], stop);
            if (limits.Time is { } most && time.GetElapsedTime(started) >= most)
            {
                foreach (var one in running)
                    yield return one.Result ?? one.Session.Result(finished: false);
                yield break;
            }
        }
    }

    /// <summary>One batch of all that the searches wait for.</summary>
    private void Ask(IReadOnlyList<Running> running, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var asked = running.Select(one => one.Session.Next()).ToArray();
        var outputs = victim.Predict([.. asked.SelectMany(texts => texts ?? [])], stop);
        var next = 0;
        for (var at = 0; at < running.Count; at++)
            if (asked[at] is not { } texts)
                running[at].Result = running[at].Session.Result(finished: true);
            else
            {
                running[at].Session.Take(texts, outputs.Skip(next).Take(texts.Count));
                next += texts.Count;
            }
    }

    private sealed class Running(AttackSession session)
    {
        public AttackSession Session { get; } = session;
        public AttackedText? Result { get; set; }
    }
}
