using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using MongoDB.Driver;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Hosting.Http;

/// <summary>Which problem an exception is to the caller; only wrong requests are told what went wrong in detail.</summary>
internal static class ApiFaults
{
    private const int NoSpaceLeft = 28;

    public static ApiProblemException Of(Exception fault) =>
        fault switch
        {
            ApiProblemException known => known,
            BadInputException wrong => new(400, "bad-input", Summary(wrong.Problems), wrong.Problems),
            BadHttpRequestException { StatusCode: 413 } => new(413, "too-large", "The body is larger than is allowed."),
            BadHttpRequestException { StatusCode: 408 } => CutOff,
            // Kestrel's word for a body that ends before its announced length.
            BadHttpRequestException { StatusCode: 400 } early
                when early.Message.Contains("end of request content", StringComparison.Ordinal) => CutOff,
            BadHttpRequestException wrong => new(wrong.StatusCode, "bad-input", wrong.Message),
            ConnectionResetException => CutOff,
            JsonException wrong => new(400, "bad-input", wrong.Message),
            IOException { HResult: NoSpaceLeft } => new(507, "storage-full", "There is no space left to store this."),
            MongoException or TimeoutException or DbException => new(
                503,
                "store-unavailable",
                "The store does not answer; try again in a moment."
            ),
            MissingArtefactException gone => new(404, "not-found", gone.Message),
            _ => new(500, "internal", "The service failed; its log tells why under this request's id.", cause: fault),
        };

    /// <summary>The body ended early.</summary>
    public static ApiProblemException CutOff =>
        new(400, "cut-off", "The body ended before it was complete; nothing was stored.");

    private static string Summary(IReadOnlyList<string> problems) =>
        problems.Count == 1 ? problems[0] : $"There are {problems.Count} problems; the first: {problems[0]}";
}
