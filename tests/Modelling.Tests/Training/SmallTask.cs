using TorchSharp;
using TorchSharp.Modules;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

/// <summary>
/// Two layers that learn which of two halves of a vector is larger; with noise of each update, so that it draws random
/// numbers as dropout does.
/// </summary>
internal sealed class SmallTask : ITrainingTask, IDisposable
{
    private const int Width = 16;

    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly bool _selects;

    public SmallTask(long seed = 13, int examples = 96, bool selects = true)
    {
        _selects = selects;
        var random = new CounterRandom(seed, "small task");
        var inputs = Enumerable.Range(0, examples * Width).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        _inputs = tensor(inputs, [examples, Width]);
        _labels = (_inputs.narrow(1, 0, Width / 2).sum(1) > _inputs.narrow(1, Width / 2, Width / 2).sum(1)).to(int64);
        Lengths = [.. Enumerable.Range(0, examples).Select(_ => 3 + random.NextInt(60))];
        Network = new SmallNetwork(Width, random);
    }

    public SmallNetwork Network { get; }
    public nn.Module Model => Network;
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Called at the start of each update.</summary>
    public Action<long> AtUpdate { get; set; } = _ => { };

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        AtUpdate(update);
        var chosen = tensor(rows.Select(row => (long)row).ToArray());
        var random = new CounterRandom(13, "noise", update);
        var noise = Enumerable.Range(0, rows.Count * Width).Select(_ => (float)random.NextDouble()).ToArray();
        var inputs = _inputs.index_select(0, chosen) + 0.1 * tensor(noise, [rows.Count, Width]);
        return nn.functional.cross_entropy(Network.call(inputs), _labels.index_select(0, chosen));
    }

    public double? Score(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return _selects ? Network.call(_inputs).argmax(1).eq(_labels).to(float32).mean().item<float>() : null;
    }

    /// <summary>All weights, one after the other.</summary>
    public byte[] Bytes() => [.. Network.parameters().SelectMany(parameter => parameter.bytes.ToArray())];

    public void Dispose()
    {
        Network.Dispose();
        _inputs.Dispose();
        _labels.Dispose();
    }
}

internal sealed class SmallNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _first;
    private readonly Parameter _firstBias;
    private readonly Parameter _second;

    public SmallNetwork(int width, CounterRandom random)
        : base(nameof(SmallNetwork))
    {
        _first = Draw(64, width);
        _firstBias = new Parameter(zeros(64));
        _second = Draw(2, 64);
        RegisterComponents();

        Parameter Draw(int to, int from) =>
            new(
                tensor(
                    Enumerable.Range(0, to * from).Select(_ => (float)(random.NextDouble() - 0.5) * 0.5f).ToArray(),
                    [to, from]
                )
            );
    }

    public override Tensor forward(Tensor input) => input.matmul(_first.t()).add(_firstBias).tanh().matmul(_second.t());
}

/// <summary>Keeps copies of checkpoint folders, newest last.</summary>
internal sealed class KeptCheckpoints : ITrainingCheckpoints
{
    public List<(long Update, Dictionary<string, byte[]> Files)> Kept { get; } = [];

    public string Scratch => Path.GetTempPath();

    public void Save(long update, string folder) =>
        Kept.Add(
            (update, Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes))
        );

    public long? Restore(string folder)
    {
        if (Kept.Count == 0)
            return null;
        foreach (var (name, bytes) in Kept[^1].Files)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return Kept[^1].Update;
    }
}
