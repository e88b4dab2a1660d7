using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Training.FineTuning;

/// <summary>A label that a teacher gave a text of the pool.</summary>
/// <param name="Row">Of the pool.</param>
internal sealed record PseudoLabel(int Row, int Label, float Weight = 1);

/// <summary>Where a step of several trainings stands when one of them begins.</summary>
/// <param name="Round">Number of the student that trains, from 1.</param>
/// <param name="Updates">Made before it.</param>
/// <param name="Seconds">Passed before it.</param>
/// <param name="Loss">Mean loss of the last updates of its teacher.</param>
/// <param name="Score">Its teacher's on the dev split; null where nothing compares them.</param>
/// <param name="Labels">What it learns beside the true labels.</param>
internal sealed record RoundState(
    int Round,
    long Updates,
    double Seconds,
    double Loss,
    double? Score,
    IReadOnlyList<PseudoLabel> Labels,
    IReadOnlyList<string> Notes
);

/// <summary>What a student's checkpoints hold beside its own: where the step stands, and the teacher's files.</summary>
/// <param name="Teacher">Folder of its model.</param>
internal sealed record RoundCheckpoint(RoundState State, string Teacher)
{
    private const string File = "round.json";
    private const string Prefix = "teacher.";

    /// <summary>Position of its first checkpoint: after all that came before, each of the rounds' beginnings included.</summary>
    public long Position => State.Updates + State.Round;

    private sealed record Stored(RoundState State, bool Started);

    /// <summary>The newest checkpoint's, its teacher in a new folder; null where the first teacher has not ended.</summary>
    public static RoundCheckpoint? Restore(StepWork work)
    {
        var folder = Path.Combine(work.Scratch, "restored");
        Directory.CreateDirectory(folder);
        try
        {
            if (work.Checkpoints.Restore(folder) is null || Read(folder) is not { } stored)
                return null;
            var teacher = Directory.CreateDirectory(Path.Combine(work.Scratch, "teacher")).FullName;
            foreach (var file in Directory.EnumerateFiles(folder, Prefix + "*"))
                System.IO.File.Copy(file, Path.Combine(teacher, Path.GetFileName(file)[Prefix.Length..]));
            return new(stored.State, teacher);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Stores a checkpoint of a student that has not yet begun.</summary>
    public void Save(StepWork work)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work.Scratch, $"round-{State.Round}")).FullName;
        Write(folder, started: false);
        work.Checkpoints.Save(Position, folder);
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="started">Whether the student's own files stand beside it.</param>
    public void Write(string folder, bool started)
    {
        System.IO.File.WriteAllText(
            Path.Combine(folder, File),
            JsonSerializer.Serialize(new Stored(State, started), WireFormat.Options)
        );
        foreach (var file in Directory.EnumerateFiles(Teacher))
            System.IO.File.Copy(file, Path.Combine(folder, Prefix + Path.GetFileName(file)));
    }

    /// <summary>Whether a restored checkpoint is of this student, and it had begun.</summary>
    public bool HasStarted(string folder) =>
        Read(folder) is { Started: true } stored && stored.State.Round == State.Round;

    private static Stored? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path)
            ? JsonSerializer.Deserialize<Stored>(System.IO.File.ReadAllText(path), WireFormat.Options)
            : null;
    }
}
