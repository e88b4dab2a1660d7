using System.Diagnostics;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Chaos;

/// <summary>Processes that run one study after another while a plan's kills come down on them.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan GrownUp = TimeSpan.FromSeconds(3);
    private const int StrikesPerRun = 2;
    private const int MostRuns = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RabbitMqNode _broker;
    private readonly MongoStandIn? _standIn;
    private readonly CuttingProxy? _proxy;
    private readonly TemporaryFolder _folder;
    private readonly ChaosPlan _plan;
    private readonly Crew _crew;
    private readonly StudyDesk _desk;
    private readonly StudyDesk _undisturbed;
    private readonly Mischief _mischief;
    private readonly AcceptedResults _results = new();
    private readonly List<RunDocument> _runs = [];
    private readonly List<string> _log = [];
    private readonly Dictionary<ServiceProcess, long> _paused = [];
    private readonly List<ServiceProcess> _woken = [];
    private Task _brokerBack = Task.CompletedTask;
    private Task _storeBack = Task.CompletedTask;
    private TimeSpan _next;
    private int _strikes;

    public ChaosRun(RabbitMqNode broker, MongoStandIn? standIn, TemporaryFolder folder, Random random, int kills)
    {
        (_broker, _standIn, _folder) = (broker, standIn, folder);
        _plan = new ChaosPlan(random, kills, storeDies: standIn is not null);
        _proxy = standIn is null ? null : new CuttingProxy("127.0.0.1", standIn.Port);
        _crew = new Crew(Settings(_proxy?.Port));
        _desk = new StudyDesk(Settings(standIn?.Port));
        _mischief = new Mischief(Settings(standIn?.Port), random);
        _undisturbed = new StudyDesk([$"Storage:Home={folder["undisturbed"]}", "Training:Threads=1"]);
    }

    public int Kills { get; private set; }

    /// <summary>Workers that brought a result after another had the step, and were refused.</summary>
    public int Zombies { get; private set; }

    /// <summary>All kills planned at named points.</summary>
    public IReadOnlyList<string> Faults => _plan.Faults;

    /// <summary>The named points at which a process died, with the count that it died at.</summary>
    public List<string> Reached { get; } = [];

    public bool IsOver => !_plan.HasMoments && !_plan.HasPoints && _crew.Living.All(process => process.Fault is null);

    public string Tally =>
        $"{_runs.Count} runs, {Kills} kills, {Zombies} zombies, {_mischief.Sent} messages doubled or out of order, "
        + $"{_proxy?.Cuts ?? 0} answers cut: {string.Join(", ", _log)}";

    public async Task StartAsync()
    {
        await _desk.ImportAsync();
        await _undisturbed.StartAsync();
        await _undisturbed.ImportAsync();
        await _mischief.StartAsync();
        foreach (var service in Crew.All)
            _crew.Start(service, _plan.TakePoint(service));
    }

    /// <summary>Runs a study under the plan's kills and compares all it leaves with the undisturbed one.</summary>
    public async Task RunStudyAsync()
    {
        Assert.True(_runs.Count < MostRuns, $"Not all points were reached. {Tally}");
        Arm();
        var seeds = $"seed={_runs.Count * 10 + 1},{_runs.Count * 10 + 2},{_runs.Count * 10 + 3}";
        var run = await _desk.SubmitAsync(StudyDesk.SmallStudy, seeds);
        _runs.Add(run);
        await DisturbAsync(run);
        await Task.WhenAll(_brokerBack, _storeBack);
        await RetireZombiesAsync();

        var rows = await _desk.RowsAsync(run);
        var other = await _undisturbed.SubmitAsync(StudyDesk.SmallStudy, seeds);
        var expected = await _undisturbed.RowsAsync(other);
        Assert.Equal(Contents(await _undisturbed.StepsAsync(other)), Contents(await _desk.StepsAsync(run)));
        Assert.Equal(expected, rows);
        await AssertEachModelHasOneNameAsync(await _desk.StepsAsync(run));
        await NamedArtefacts.AssertNothingElseIsStoredAsync(_desk, await AllStepsAsync());
    }

    /// <summary>Each step still has the result that was accepted first.</summary>
    public async Task AssertNothingChangedAfterwardsAsync() => _results.See(await AllStepsAsync());

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_brokerBack, _storeBack);
        _crew.Dispose();
        await _mischief.DisposeAsync();
        await _desk.DisposeAsync();
        await _undisturbed.DisposeAsync();
        _proxy?.Dispose();
    }

    /// <summary>Between two studies: who has no point to die at makes way for one who has.</summary>
    private void Arm()
    {
        foreach (var service in _plan.ServicesWithPoints.ToList())
            if (_crew.Living.FirstOrDefault(process => process.Name == service && process.Fault is null) is { } idle)
            {
                _crew.Kill(idle);
                _crew.Start(service, _plan.TakePoint(service));
            }
    }

    private async Task DisturbAsync(RunDocument run)
    {
        var begun = Stopwatch.StartNew();
        _next = _plan.Wait(0.2, 2);
        _strikes = 0;
        for (var ended = false; !ended; await Task.Delay(30))
        {
            Assert.True(begun.Elapsed < LongEnough, $"{run.Id} does not end. {Tally}\n{_crew.Log}");
            ReplaceTheDead();
            if (begun.Elapsed >= _next && _plan.HasMoments && _strikes < StrikesPerRun)
            {
                Strike();
                _next = begun.Elapsed + _plan.Wait(0.2, 2.5);
            }
            if (await LookAsync(run) is not { } steps)
                continue;
            _results.See(steps);
            _mischief.Send(steps);
            WakeZombies(steps);
            if (_plan.Random.Next(40) == 0)
                _proxy?.Arm("update\0\u0006\0\0\0steps\0");
            ended = steps.All(step => step.State is not (StepState.Waiting or StepState.Ready or StepState.Running));
        }
    }

    /// <summary>Null while the store is away.</summary>
    private async Task<IReadOnlyList<StepDocument>?> LookAsync(RunDocument run)
    {
        try
        {
            return await _desk.StepsAsync(run);
        }
        catch (Exception) when (_standIn is not null)
        {
            return null;
        }
    }

    private void ReplaceTheDead()
    {
        foreach (var dead in _crew.TakeTheDead())
        {
            Assert.True(dead.Fault is not null && dead.WasKilled, $"{dead.Name} ended by itself: {dead.Log}");
            Reached.Add(dead.Fault!);
            Note($"{dead.Name} {dead.Fault}");
            _crew.Start(dead.Name, _plan.TakePoint(dead.Name));
        }
    }

    private void Strike()
    {
        var victim = _plan.TakeVictim();
        switch (victim)
        {
            case ChaosPlan.Broker when _brokerBack.IsCompleted:
                _brokerBack = KillBrokerAsync();
                break;

            case ChaosPlan.Store when _storeBack.IsCompleted:
                _standIn!.KillHard();
                _storeBack = BackAsync(() => _standIn.StartAsync(CancellationToken.None));
                break;

            default:
                var service = victim is ChaosPlan.Broker or ChaosPlan.Store ? "Training" : victim;
                // One that has only begun to start has nothing to lose yet.
                var process = _crew.Living.FirstOrDefault(process =>
                    process.Name == service
                    && process.Age > GrownUp
                    && !process.IsPaused
                    && !process.HasExited
                    && !_woken.Contains(process)
                );
                if (process is null)
                {
                    _plan.PutBack(victim);
                    return;
                }
                victim = process.Name;
                _crew.Kill(process);
                if (process.Fault is not null)
                    _plan.PutBack(process.Name, process.Fault);
                _crew.Start(process.Name, _plan.TakePoint(process.Name));
                break;
        }
        _strikes++;
        Note(victim);
    }

    private async Task KillBrokerAsync()
    {
        await _broker.KillHardAsync();
        await BackAsync(_broker.RestartAsync);
    }

    private async Task BackAsync(Func<Task> start)
    {
        await Task.Delay(_plan.Wait(0, 1.5));
        await start();
    }

    /// <summary>A worker stands still with a finished result until another has its step; then it may bring it.</summary>
    private void WakeZombies(IReadOnlyList<StepDocument> steps)
    {
        foreach (var process in _crew.Living.Where(process => process.IsPaused && !_woken.Contains(process)))
        {
            _paused.TryAdd(process, Stopwatch.GetTimestamp());
            // One that was stopped in the middle of a write keeps the others out of an SQLite file.
            var late = Stopwatch.GetElapsedTime(_paused[process]) > Patience;
            if (!late && steps.Any(step => step.State == StepState.Running && process.IsWorker(step.Worker)))
                continue;
            process.Resume();
            _woken.Add(process);
        }
    }

    /// <summary>Each woken worker was told that its step is no longer its own; it makes way for one who never stood still.</summary>
    private async Task RetireZombiesAsync()
    {
        foreach (var zombie in _woken)
        {
            for (var waited = Stopwatch.StartNew(); !WasRefused(zombie); await Task.Delay(30))
                if (waited.Elapsed > Patience)
                    break;
            if (WasRefused(zombie))
                Zombies++;
            else
                _plan.PutBack(zombie.Name, ChaosPlan.Zombie);
            _crew.Kill(zombie);
            _crew.Start(zombie.Name, _plan.TakePoint(zombie.Name));
        }
        _woken.Clear();

        static bool WasRefused(ServiceProcess zombie) => zombie.Log.Contains("is no longer held under fence");
    }

    /// <summary>The bytes of datasets and models, whose ids are hashes of their content.</summary>
    private static IEnumerable<string> Contents(IReadOnlyList<StepDocument> steps) =>
        steps.Select(step =>
            $"{step.Name} {step.Cell.GetValueOrDefault("seed")}: {step.Output!.Dataset?.Id} {step.Output.Model?.Id}"
        );

    private async Task AssertEachModelHasOneNameAsync(IReadOnlyList<StepDocument> steps)
    {
        var made = steps.Where(step => step.Output?.Model is { Files.Count: > 0 }).Select(step => step.Id).Order();
        var named = new List<string>();
        await foreach (var model in _desk.Of<IDocuments<ModelDocument>>().FindAsync())
            if (model.MadeBy is { } step && steps.Any(one => one.Id == step))
                named.Add(step);
        Assert.Equal(made, named.Order());
    }

    private async Task<IReadOnlyList<StepDocument>> AllStepsAsync()
    {
        var all = new List<StepDocument>();
        foreach (var run in _runs)
            all.AddRange(await _desk.StepsAsync(run));
        return all;
    }

    private void Note(string what)
    {
        Kills++;
        _log.Add(what);
    }

    private string[] Settings(int? mongo) => Workplace.Settings(_broker.Port, _folder["home"], mongo);
}
