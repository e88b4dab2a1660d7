using System.Text;
using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>SQuAD 1.1 and 2.0: articles of paragraphs of questions, all in one JSON object. An article stays in one split.</summary>
internal sealed class Squad : IDatasetFormat
{
    public string Name => "squad";
    public IReadOnlyList<string> Endings => [".json"];
    public bool MayLackHeader => false;
    public TaskType? Task => TaskType.QuestionAnswering;

    public ColumnRoles? Roles { get; } =
        new(Header: true, Text: 1, TextB: 2, Label: 3, Id: 0, Split: -1, Group: 4, Guesses: []);

    public bool LooksLike(ReadOnlySpan<byte> start) =>
        start.TrimStart("\ufeff \t\r\n"u8) is [(byte)'{', ..]
        && start.IndexOf("\"data\""u8) >= 0
        && start.IndexOf("\"paragraphs\""u8) >= 0;

    public IRecordReader Open(string path, ReadingOptions options)
    {
        using var source = Utf8Source.Open(path, options.Encoding);
        while (source.Fill()) { }
        try
        {
            using var json = JsonDocument.Parse(source.Unread.ToArray());
            return new Records([.. new SquadQuestions(path).In(json.RootElement)]);
        }
        catch (JsonException fault)
        {
            throw FileFault.At(
                path,
                FileFault.Place((fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1),
                "not a whole JSON object; expected SQuAD's: {\"data\": [{\"title\": …, \"paragraphs\": […]}]}"
            );
        }
    }

    private sealed class Records(IReadOnlyList<SquadQuestion> questions) : IRecordReader
    {
        private readonly byte[]?[] _values = new byte[]?[5];
        private int _next;

        public IReadOnlyList<string> Columns { get; } = ["id", "question", "context", "answers", "title"];

        public double Done => questions.Count == 0 ? 1 : (double)_next / questions.Count;

        public void Choose(IReadOnlyList<int> columns) { }

        public bool Read()
        {
            if (_next == questions.Count)
                return false;
            var question = questions[_next++];
            string?[] texts =
            [
                question.Id,
                question.Question,
                question.Context,
                question.Answers is { } answers ? Answers.Write(answers) : null,
                question.Title,
            ];
            for (var column = 0; column < texts.Length; column++)
                _values[column] = texts[column] is { } text ? Encoding.UTF8.GetBytes(text) : null;
            return true;
        }

        public bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            value = _values[column];
            return _values[column] is not null;
        }

        public string Where(int column) => questions[_next - 1].Place;

        public void Dispose() { }
    }
}
