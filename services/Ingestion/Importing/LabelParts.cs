using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Checks a row's label as its task asks, and enters what is counted of it: the label, its tags, or whether there is an answer.</summary>
internal static class LabelParts
{
    /// <param name="task">Null where it is guessed later: then the label is a class or a number.</param>
    public static void Enter(
        ReadOnlySpan<byte> label,
        in Utf8Row row,
        TaskType? task,
        LabelBook book,
        int split,
        ImportSource source,
        IRecordReader reader
    )
    {
        if (task is TaskType.TokenClassification)
            EnterTags(label, row.Text, book, split, source, reader);
        else if (task is TaskType.QuestionAnswering)
            EnterAnswers(label, row.TextB, book, split, source, reader);
        else
            book.Add(label, split, source, reader);
    }

    private static void EnterTags(
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> text,
        LabelBook book,
        int split,
        ImportSource source,
        IRecordReader reader
    )
    {
        var words = text.Count((byte)' ') + 1;
        var tags = EntityTags.Split(Encoding.UTF8.GetString(label));
        if (tags.Length != words)
            throw Fault(
                source,
                reader,
                $"there are {words} words and {tags.Length} tags; expected a tag for each word, one space between two"
            );
        string? previous = null;
        foreach (var tag in tags)
        {
            if (EntityTags.Problem(tag, previous) is { } problem)
                throw Fault(source, reader, problem);
            book.Add(Encoding.UTF8.GetBytes(tag), split, source, reader);
            previous = tag;
        }
    }

    private static void EnterAnswers(
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> context,
        LabelBook book,
        int split,
        ImportSource source,
        IRecordReader reader
    )
    {
        var answers =
            Answers.Read(Encoding.UTF8.GetString(label))
            ?? throw Fault(
                source,
                reader,
                "the answers are no list; expected [{\"text\": \"…\", \"start\": 0}], empty for none"
            );
        var text = Encoding.UTF8.GetString(context);
        foreach (var answer in answers)
            if (answer.StartIn(text) is null)
                throw Fault(
                    source,
                    reader,
                    $"the answer '{answer.Text}' does not stand at {answer.Start} of its context; expected the context to hold it there (counted in code points)"
                );
        var name = answers.Count > 0 ? Answers.Answerable : Answers.Unanswerable;
        book.Add(Encoding.UTF8.GetBytes(name), split, source, reader);
    }

    private static BadInputException Fault(ImportSource source, IRecordReader reader, string what) =>
        FileFault.At(source.Path, reader.Where(source.Roles.Label), what);
}
