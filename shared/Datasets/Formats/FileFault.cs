using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>The one form of messages about data files: <c>file: place: what is wrong; what was expected</c>.</summary>
public static class FileFault
{
    /// <summary>A fault of the whole file.</summary>
    public static BadInputException In(string path, string what) => new($"{path}: {what}");

    /// <summary>A fault at a place in the file.</summary>
    public static BadInputException At(string path, string place, string what) => new($"{path}: {place}: {what}");

    /// <summary>A place in a text file, both counted from 1.</summary>
    public static string Place(long line, long column) => $"line {line}, column {column}";
}
