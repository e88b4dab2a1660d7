using TransferPipeline.Storage;

namespace TransferPipeline.Distributed.Tests.Chaos;

/// <summary>Who is killed where: drawn from a seed, half at named points, half at random moments.</summary>
internal sealed class ChaosPlan
{
    public const string Broker = "Broker";
    public const string Store = "Store";
    public const string Zombie = $"{FaultPoints.BeforeResult}:1:pause";

    private static readonly string[] Points =
    [
        FaultPoints.AfterClaim,
        FaultPoints.BeforeResult,
        FaultPoints.AfterResult,
        FaultPoints.BetweenReadyWrites,
        FaultPoints.DuringUpload,
        FaultPoints.DuringCheckpoint,
    ];

    private readonly List<(string Service, string Fault)> _points = [];
    private readonly Queue<string> _victims;

    /// <param name="storeDies">The store is a process that can be killed.</param>
    public ChaosPlan(Random random, int kills, bool storeDies)
    {
        Random = random;
        var named = kills / 2;
        var points = Enumerable.Range(0, named).Select(at => Points[at % Points.Length]).ToArray();
        random.Shuffle(points);
        foreach (var point in points)
        {
            var service = ServiceOf(point);
            var times = service == "Training" ? random.Next(1, 3) : 1;
            _points.Add((service, $"{point}:{times}"));
        }
        Faults = [.. _points.Select(point => point.Fault)];
        // The zombie is no kill: it goes on after another worker has its step.
        PutBack("Training", Zombie);

        string[] victims =
        [
            Broker,
            storeDies ? Store : "Training",
            "Orchestration",
            "Training",
            "Ingestion",
            "Evaluation",
        ];
        var drawn = Enumerable.Range(0, kills - named).Select(at => victims[at % victims.Length]).ToArray();
        random.Shuffle(drawn);
        _victims = new(drawn);
    }

    public Random Random { get; }

    /// <summary>All kills planned at named points.</summary>
    public IReadOnlyList<string> Faults { get; }

    public bool HasMoments => _victims.Count > 0;

    public bool HasPoints => _points.Count > 0;

    /// <summary>Services that are still to die, or to stand still, at a named point.</summary>
    public IEnumerable<string> ServicesWithPoints => _points.Select(point => point.Service).Distinct();

    /// <summary>The next named point for a process of that service.</summary>
    public string? TakePoint(string service)
    {
        var at = _points.FindIndex(point => point.Service == service);
        if (at < 0)
            return null;
        var fault = _points[at].Fault;
        _points.RemoveAt(at);
        return fault;
    }

    /// <summary>One more point, somewhere among the others.</summary>
    public void PutBack(string service, string fault) =>
        _points.Insert(Random.Next(_points.Count + 1), (service, fault));

    public string TakeVictim() => _victims.Dequeue();

    public void PutBack(string victim) => _victims.Enqueue(victim);

    public TimeSpan Wait(double least, double most) =>
        TimeSpan.FromSeconds(least + Random.NextDouble() * (most - least));

    private string ServiceOf(string point) =>
        point switch
        {
            FaultPoints.BetweenReadyWrites => "Orchestration",
            FaultPoints.DuringCheckpoint => "Training",
            _ => new[] { "Training", "Training", "Ingestion", "Evaluation" }[Random.Next(4)],
        };
}
