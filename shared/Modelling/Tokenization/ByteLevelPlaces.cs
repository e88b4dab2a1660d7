using System.Text;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>Follows the tokens of a text byte by byte, to tell which of its characters each one holds.</summary>
/// <remarks>Each letter of a byte-level token stands for one byte of UTF-8; several tokens may share a character.</remarks>
internal ref struct ByteLevelPlaces
{
    private const char Space = '\u0120';

    private readonly ReadOnlySpan<char> _text;
    private int _character;
    private int _byte;
    private bool _prefix;

    /// <param name="prefix">Whether the tokens begin with a space that the text has not.</param>
    public ByteLevelPlaces(ReadOnlySpan<char> text, bool prefix)
    {
        _text = text;
        _prefix = prefix;
    }

    /// <summary>Where the next token stands, in UTF-16 units.</summary>
    /// <param name="trims">Whether spaces at its ends are no part of its place.</param>
    public (int Start, int End) Next(string token, bool trims)
    {
        var bytes = token.Length;
        var spaces = trims ? token.Length - token.AsSpan().TrimStart(Space).Length : 0;
        if (_prefix)
            (bytes, spaces, _prefix) = (bytes - 1, Math.Max(0, spaces - 1), false);
        var start = _character;
        var end = start;
        for (; bytes > 0 && _character < _text.Length; bytes--)
        {
            Rune.DecodeFromUtf16(_text[_character..], out var rune, out var length);
            end = _character + length;
            if (++_byte == rune.Utf8SequenceLength)
                (_character, _byte) = (end, 0);
        }
        if (!trims)
            return (start, end);
        var first = Math.Min(start + spaces, end);
        var trailing = token.Length - token.AsSpan().TrimEnd(Space).Length;
        return (first, Math.Max(end - trailing, first));
    }
}
