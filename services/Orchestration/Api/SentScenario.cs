using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;

namespace TransferPipeline.Orchestration.Api;

/// <summary>What holds for every scenario that comes over HTTP.</summary>
internal static class SentScenario
{
    /// <summary>Characters.</summary>
    public const int Longest = 256 * 1024;

    public static ApiProblemException Missing() =>
        ApiProblemException.BadInput("scenario is missing; expected the text of a scenario in YAML.");

    public static ApiProblemException Refused(BadInputException wrong) =>
        new(
            StatusCodes.Status400BadRequest,
            "bad-scenario",
            $"The scenario was refused: {wrong.Problems[0]}",
            wrong.Problems
        );
}
