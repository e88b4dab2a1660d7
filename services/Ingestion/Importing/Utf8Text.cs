using System.Text;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Questions about text that is still UTF-8.</summary>
internal static class Utf8Text
{
    public static ReadOnlySpan<byte> White => " \t\r\n"u8;

    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        text = text.Trim(White);
        // White space beyond ASCII (a no-break space) is rare: only then is the text decoded.
        if (text.IsEmpty || text[0] < 0x80)
            return text.IsEmpty;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            if (!Rune.IsWhiteSpace(rune))
                return false;
            text = text[length..];
        }
        return text.IsEmpty;
    }

    public static int Utf16Length(ReadOnlySpan<byte> text) => Encoding.UTF8.GetCharCount(text);
}
