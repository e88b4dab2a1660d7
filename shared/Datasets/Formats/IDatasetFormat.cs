using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>A kind of data file.</summary>
public interface IDatasetFormat
{
    /// <summary>The word for <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>File name endings that say this format, with their dot.</summary>
    IReadOnlyList<string> Endings { get; }

    /// <summary>The only task that files of this format are for; null where their columns say it.</summary>
    TaskType? Task => null;

    /// <summary>What the columns are for, where the format itself says it.</summary>
    ColumnRoles? Roles => null;

    /// <summary>Whether a file may come without a line of column names.</summary>
    bool MayLackHeader { get; }

    /// <summary>Whether the beginning of a file, where its ending says nothing, looks like this format.</summary>
    bool LooksLike(ReadOnlySpan<byte> start);

    /// <summary>Opens a file before its first record.</summary>
    IRecordReader Open(string path, ReadingOptions options);
}

/// <summary>How to read a file.</summary>
/// <param name="Header">Whether the first record names the columns; formats that always know their columns ignore it.</param>
public sealed record ReadingOptions(TextEncoding Encoding = TextEncoding.Utf8, bool Header = true);

/// <summary>What the bytes of a text file stand for, unless a byte-order mark says otherwise.</summary>
public enum TextEncoding
{
    Utf8,
    Latin1,
}

/// <summary>Reads a data file record by record; every fault is a <c>BadInputException</c> that names file and place.</summary>
public interface IRecordReader : IDisposable
{
    /// <summary>Column names; <c>1</c>, <c>2</c>, … where the file has none.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Says which columns will be read; the others need not be decoded.</summary>
    void Choose(IReadOnlyList<int> columns);

    /// <summary>Goes to the next record; false after the last.</summary>
    bool Read();

    /// <summary>A chosen field as UTF-8, valid until the next call of <see cref="Read"/>; false where it has no value.</summary>
    bool TryGet(int column, out ReadOnlySpan<byte> value);

    /// <summary>The share of the file that has been read, 0 to 1.</summary>
    double Done { get; }

    /// <summary>For a message: where that field of the current record stands.</summary>
    string Where(int column);
}
