using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>The results of a step so far, a JSON line each; goes on from the step's checkpoint.</summary>
internal sealed class AttackLog : IDisposable
{
    private const string FileName = "attacks.jsonl";

    private readonly StepWork _work;
    private readonly int _examples;
    private readonly string _folder;
    private readonly FileStream _file;
    private int _saved;

    public AttackLog(StepWork work, int examples)
    {
        (_work, _examples) = (work, examples);
        _folder = Directory.CreateDirectory(Path.Combine(work.Scratch, "log")).FullName;
        Count = _saved = (int)(work.Checkpoints.Restore(_folder) ?? 0);
        _file = new FileStream(Path.Combine(_folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Examples that are through.</summary>
    public int Count { get; private set; }

    public void Add(AttackedText result)
    {
        JsonSerializer.Serialize(_file, result, WireFormat.Options);
        _file.WriteByte((byte)'\n');
        Count++;
        _work.Progress.Report(new((double)Count / _examples, $"{Count} of {_examples} examples attacked"));
    }

    /// <summary>Stores what is there as the step's newest checkpoint.</summary>
    public void Save()
    {
        if (Count == _saved)
            return;
        _file.Flush();
        _work.Checkpoints.Save(_saved = Count, _folder);
    }

    /// <summary>Stores all of it as an artefact.</summary>
    public ArtefactRef Store() =>
        _work.Store(
            async (to, stop) =>
            {
                _file.Seek(0, SeekOrigin.Begin);
                await _file.CopyToAsync(to, stop);
            }
        );

    /// <summary>The results in the order of the examples, read from the file.</summary>
    public IEnumerable<AttackedText> Results()
    {
        _file.Flush();
        return WireFormat.ReadLines<AttackedText>(_file.Name);
    }

    public void Dispose() => _file.Dispose();
}
