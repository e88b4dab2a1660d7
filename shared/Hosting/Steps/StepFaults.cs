using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Which errors another attempt may mend, and when to make it.</summary>
internal static class StepFaults
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>True for wrong requests and for faults of the program: the same work gives the same error.</summary>
    public static bool IsPermanent(Exception error) =>
        error
            is BadInputException
                or InvalidDataException
                or JsonException
                or FormatException
                or ArgumentException
                or NotSupportedException
                or NotImplementedException
                or NullReferenceException
                or IndexOutOfRangeException
                or KeyNotFoundException
                or InvalidCastException
                or ArithmeticException;

    /// <summary>1 s, 2 s, 4 s … up to a minute.</summary>
    public static TimeSpan Wait(int attempt)
    {
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(attempt - 1, 0, 10)));
        return wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>What a person reads; the kind of error is named where its message alone would not explain itself.</summary>
    public static string Describe(Exception error) =>
        error is BadInputException ? error.Message : $"{error.GetType().Name}: {error.Message}";
}
