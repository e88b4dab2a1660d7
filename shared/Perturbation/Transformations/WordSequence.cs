using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>
/// The words of one text and what stands between them, to be edited many times over. Unlike <see cref="PerturbedText"/> it keeps
/// no record of its edits, which a rewriting of a whole dataset has no use for.
/// </summary>
public sealed class WordSequence
{
    private readonly List<string> _words = [];
    private readonly List<string> _before = []; // what stands before each word
    private string _end = "";

    public WordSequence(string text)
    {
        var at = 0;
        foreach (var span in WordSplitter.Split(text))
        {
            _before.Add(at == span.Start ? "" : text[at..span.Start]);
            _words.Add(span.Word);
            at = span.End;
        }
        _end = text[at..];
    }

    private WordSequence(WordSequence other)
    {
        _words.AddRange(other._words);
        _before.AddRange(other._before);
        _end = other._end;
    }

    public int Count => _words.Count;

    public string this[int index]
    {
        get => _words[index];
        set => _words[index] = value;
    }

    /// <summary>The same words, to be edited apart from these.</summary>
    public WordSequence Copy() => new(this);

    public void Swap(int one, int other) => (_words[one], _words[other]) = (_words[other], _words[one]);

    /// <summary>Puts a word before another, or behind the last one.</summary>
    public void Insert(int index, string word)
    {
        _words.Insert(index, word);
        if (index == 0)
        {
            _before.Insert(0, _before.Count > 0 ? _before[0] : "");
            if (_before.Count > 1)
                _before[1] = " ";
        }
        else
            _before.Insert(index, " ");
    }

    /// <summary>Leaves a word out, with the blank before it; of the first word the one behind it.</summary>
    public void Delete(int index)
    {
        if (index == 0 && _words.Count > 1)
            _before[1] = _before[0] + _before[1].TrimStart(' ');
        else if (_words.Count > 1 && _before[index] is { Length: > 0 } before && index + 1 < _words.Count)
            _before[index + 1] = before.TrimEnd(' ') + _before[index + 1];
        else if (_words.Count > 1)
            _end = _before[index].TrimEnd(' ') + _end;
        else
            _end = _before[0] + _end;
        _words.RemoveAt(index);
        _before.RemoveAt(index);
    }

    public override string ToString()
    {
        var pieces = new string[2 * _words.Count + 1];
        for (var index = 0; index < _words.Count; index++)
            (pieces[2 * index], pieces[2 * index + 1]) = (_before[index], _words[index]);
        pieces[^1] = _end;
        return string.Concat(pieces);
    }
}
