using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>What a model says about a split, by its head and by what the dataset is for.</summary>
internal static class Predicted
{
    public static IPredicted By(IClassifierOpener opener, ScoredPart part)
    {
        if (ModelHeads.Of(part.Folder) == ModelHead.Tokens)
            return LanguagePredicted.By(opener, part);
        TaskGuard.RefuseUnlabelled(part.Choice, part.Work.Step.Name);
        return part.Choice.Dataset.Task switch
        {
            TaskType.TokenClassification => TagsPredicted.By(opener, part),
            TaskType.QuestionAnswering => AnswersPredicted.By(opener, part),
            _ => ClassesPredicted.By(opener, part),
        };
    }
}
