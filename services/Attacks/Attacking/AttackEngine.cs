using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>
/// Attacks several examples side by side, so that the texts which all their searches wait for fill the model's batches. What
/// comes of an example does not depend on those beside it.
/// </summary>
internal sealed class AttackEngine(IVictim victim, AttackRecipe recipe, AttackLimits limits, TimeProvider time)
{
    /// <summary>Texts of one round, some batches of similar length; a search with many candidates needs few others beside it.</summary>
    private const int EnoughTexts = 1024;

    /// <summary>Enough of them where a step of a search asks for four texts.</summary>
    private const int SideBySide = 256;

    /// <summary>The results in the order of the examples, each as soon as it and all before it are there.</summary>
    public IEnumerable<AttackedText> Run(IEnumerable<AttackedExample> examples, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        using var waiting = examples.GetEnumerator();
        var running = new Queue<Running>();
        while (true)
        {
            var asking = Ask(running, waiting);
            while (running.TryPeek(out var first) && first.Result is { } result)
            {
                running.Dequeue();
                yield return result;
            }
            if (asking.Count == 0)
                yield break;
            Answer(asking, stop);
            if (limits.Time is { } most && time.GetElapsedTime(started) >= most)
            {
                foreach (var one in running)
                    yield return one.Result ?? one.Session!.Result(finished: false);
                yield break;
            }
        }
    }

    /// <summary>Lets searches go on, the first examples' first, until they ask for enough texts; begins more where they do not.</summary>
    private List<Running> Ask(Queue<Running> running, IEnumerator<AttackedExample> waiting)
    {
        var asking = new List<Running>();
        var texts = 0;
        foreach (var one in running.Where(one => one.Session is not null))
            if (texts < EnoughTexts)
                GoOn(one);
        while (texts < EnoughTexts && asking.Count < SideBySide && waiting.MoveNext())
        {
            var next = new Running(new AttackSession(waiting.Current, recipe, victim, limits));
            running.Enqueue(next);
            GoOn(next);
        }
        return asking;

        void GoOn(Running one)
        {
            if (!one.GoOn())
                return;
            asking.Add(one);
            texts += one.Texts.Count;
        }
    }

    private void Answer(List<Running> asking, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        VictimText[] texts = [.. asking.SelectMany(one => one.Texts)];
        var outputs = texts.Length == 0 ? [] : victim.Predict(texts, stop);
        var next = 0;
        foreach (var one in asking)
        {
            one.Session!.Take(one.Texts, outputs.Skip(next).Take(one.Texts.Count));
            next += one.Texts.Count;
        }
    }

    /// <param name="session">Let go at its end: what it knows of the model is much more than its result.</param>
    private sealed class Running(AttackSession session)
    {
        public AttackSession? Session { get; private set; } = session;
        public AttackedText? Result { get; private set; }

        /// <summary>What it waits for.</summary>
        public IReadOnlyList<VictimText> Texts { get; private set; } = [];

        /// <summary>Whether it is not at its end.</summary>
        public bool GoOn()
        {
            if (Session!.Next() is { } texts)
            {
                Texts = texts;
                return true;
            }
            Result = Session.Result(finished: true);
            (Session, Texts) = (null, []);
            return false;
        }
    }
}
