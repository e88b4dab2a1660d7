using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Distilling;

/// <summary>One distillation step, its inputs opened.</summary>
/// <param name="Teacher">Its folder, in Hugging Face layout or a baseline's.</param>
/// <param name="Student">The folder of the model that learns, before it has learnt.</param>
/// <param name="Made">Whether the student was made of its teacher's blocks.</param>
internal sealed record DistillationJob(
    StepWork Work,
    DistillationSpec Spec,
    string Teacher,
    ModelCard TeacherCard,
    string Student,
    ModelCard StudentCard,
    bool Made,
    ITokenizer Tokenizer
)
{
    /// <summary>Masks of the student's dropout.</summary>
    public DropoutMasks Masks { get; } = new(Spec.Seed);

    public ModelSettings Settings =>
        new()
        {
            Masks = Masks,
            Seed = Spec.Seed,
            Placement = TrainingEnvironment.PlacementOf(Work),
        };

    public DistillationWeights Weights => new(Spec.Temperature, Spec.SoftWeight, Spec.HardWeight, Spec.CosineWeight);

    /// <exception cref="BadInputException">No student is given and none can be made.</exception>
    public static DistillationJob Open(StepWork work)
    {
        var spec = work.Spec<DistillationSpec>();
        var teacher = work.Model("teacher");
        var teacherFolder = work.OpenModel(teacher);
        var teacherCard = work.Card(teacher);
        if (work.Input("student")?.Model is { } student)
        {
            if (spec.Blocks is not null)
                throw new BadInputException(
                    $"Step {work.Step.Name}: 'student' has its own blocks; expected it or 'blocks', not both."
                );
            var given = work.OpenModel(student);
            return new(
                work,
                spec,
                teacherFolder,
                teacherCard,
                given,
                work.Card(student),
                Made: false,
                Tokenizers.Open(given)
            );
        }

        if (!File.Exists(Path.Combine(teacherFolder, "config.json")))
            throw new BadInputException(
                $"Step {work.Step.Name}: the teacher has no blocks to make a student of; expected 'student'."
            );
        var made = Directory.CreateDirectory(Path.Combine(work.Scratch, "student")).FullName;
        StudentFolder.Write(teacherFolder, spec.Blocks, made);
        var tokenizer = Tokenizers.Open(teacherFolder);
        tokenizer.Save(made);
        return new(work, spec, teacherFolder, teacherCard, made, teacherCard, Made: true, tokenizer);
    }
}
