using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>One question of a file.</summary>
/// <param name="Answers">Empty where the context holds none, null where the file does not tell.</param>
/// <param name="Place">For messages.</param>
internal sealed record SquadQuestion(
    string Id,
    string Question,
    string Context,
    string? Title,
    IReadOnlyList<Answer>? Answers,
    string Place
);

/// <summary>Walks over articles, paragraphs and questions, and says what is missing where.</summary>
internal sealed class SquadQuestions(string path)
{
    public IEnumerable<SquadQuestion> In(JsonElement root)
    {
        foreach (var (article, a) in List(root, "data", "the file").Select((article, a) => (article, a + 1)))
        {
            var title = Text(article, "title");
            var here = title is null ? $"article {a}" : $"article {a} ('{title}')";
            foreach (var (paragraph, p) in List(article, "paragraphs", here).Select((one, p) => (one, p + 1)))
            {
                var place = $"{here}, paragraph {p}";
                var context = Needed(paragraph, "context", place);
                foreach (var (question, q) in List(paragraph, "qas", place).Select((one, q) => (one, q + 1)))
                {
                    var id = Needed(question, "id", $"{place}, question {q}");
                    var where = $"{place}, question '{id}'";
                    yield return new SquadQuestion(
                        id,
                        Needed(question, "question", where),
                        context,
                        title,
                        Answers(question, where),
                        where
                    );
                }
            }
        }
    }

    private List<Answer>? Answers(JsonElement question, string where)
    {
        var impossible = question.TryGetProperty("is_impossible", out var flag) && flag.ValueKind is JsonValueKind.True;
        if (!question.TryGetProperty("answers", out _))
            return impossible ? [] : null;
        var answers = List(question, "answers", where).Select(answer => Answer(answer, where)).ToList();
        return impossible == (answers.Count == 0)
            ? answers
            : throw Fault(
                where,
                impossible
                    ? "the question is marked is_impossible and has answers; expected one of both"
                    : "the question has no answer; expected one, or is_impossible as SQuAD 2.0 has it"
            );
    }

    private Answer Answer(JsonElement answer, string where)
    {
        var text = Needed(answer, "text", where);
        return
            answer.TryGetProperty("answer_start", out var start)
            && start.ValueKind is JsonValueKind.Number
            && start.TryGetInt32(out var number)
            && number >= 0
            ? new Answer(text, number)
            : throw Fault(where, "'answer_start' is no whole number; expected the answer's place in the context");
    }

    private JsonElement.ArrayEnumerator List(JsonElement of, string key, string where) =>
        of.ValueKind is JsonValueKind.Object
        && of.TryGetProperty(key, out var list)
        && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray()
            : throw Fault(where, $"there is no list '{key}'; expected SQuAD's data, paragraphs, qas and answers");

    private string Needed(JsonElement of, string key, string where) =>
        Text(of, key) is { Length: > 0 } text
            ? text
            : throw Fault(where, $"'{key}' is missing or empty; expected a text");

    private static string? Text(JsonElement of, string key) =>
        of.ValueKind is JsonValueKind.Object
        && of.TryGetProperty(key, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private BadInputException Fault(string where, string what) => FileFault.At(path, where, what);
}
