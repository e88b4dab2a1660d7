using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Training.Pretraining;

namespace TransferPipeline.Training.Distilling;

/// <summary>DistilBERT's: a masked language model teaches a smaller one.</summary>
internal sealed class MaskedDistillation : IDistillation
{
    public string Name => "masked";

    public DistillationInUse Open(DistillationJob job)
    {
        var (work, spec, tokenizer) = (job.Work, job.Spec, job.Tokenizer);
        var texts = PretrainingTexts.Read(work, spec.HeldOut, spec.Seed);
        var corruption = MaskedObjective.Corruption(work, tokenizer, spec.MaskRate, wholeWords: false);
        var teacher = MaskedLanguageModel.Open(job.Teacher, job.Settings with { Masks = null });
        var student = MaskedLanguageModel.Open(job.Student, job.Settings);
        Check(job, teacher, student);

        var longest = Math.Min(spec.MaxTokens, Math.Min(teacher.Encoder.MaxTokens, student.Encoder.MaxTokens));
        var (train, heldOut) = MaskedObjective.Encode(work, texts, tokenizer, longest);
        var task = new MaskedDistillationTask(
            teacher,
            student,
            job.Masks,
            corruption,
            tokenizer.PadId,
            train,
            heldOut,
            job.Weights,
            spec.Seed
        );
        return new(
            task,
            Labels: [],
            LabelsRead: 0,
            student.NewWeights,
            student.Save,
            stop => MaskedObjective.Scores(task.Measure(stop)),
            teacher
        );
    }

    private static void Check(DistillationJob job, MaskedLanguageModel teacher, MaskedLanguageModel student)
    {
        var step = job.Work.Step.Name;
        if (teacher.NewWeights.Count > 0)
            throw new BadInputException(
                $"Step {step}: the teacher has learnt no masked tokens; {string.Join(", ", teacher.NewWeights)} missing."
            );
        if (!SameVocabulary(job))
            throw new BadInputException(
                $"Step {step}: teacher and student have different vocabularies; expected the same tokens with the same ids."
            );
        var (theirs, own) = (teacher.Encoder.Width, student.Encoder.Width);
        if (job.Spec.CosineWeight > 0 && theirs != own)
            throw new BadInputException(
                $"Step {step}: the teacher is {theirs} wide, the student {own}; expected equal widths or 'cosineWeight: 0'."
            );
    }

    private static bool SameVocabulary(DistillationJob job)
    {
        if (job.Made)
            return true;
        var (teacher, student) = (Saved(Tokenizers.Open(job.Teacher), "teacher"), Saved(job.Tokenizer, "student"));
        return new[] { "vocab.txt", "vocab.json", "merges.txt" }.All(file =>
        {
            var (theirs, own) = (Path.Combine(teacher, file), Path.Combine(student, file));
            return File.Exists(theirs) == File.Exists(own)
                && (!File.Exists(own) || File.ReadLines(theirs).SequenceEqual(File.ReadLines(own)));
        });

        // As vocabulary files, whatever they came from.
        string Saved(ITokenizer tokenizer, string of)
        {
            var folder = Directory.CreateDirectory(Path.Combine(job.Work.Scratch, $"vocabulary-{of}")).FullName;
            tokenizer.Save(folder);
            return folder;
        }
    }
}
