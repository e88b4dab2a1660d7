using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http;

/// <summary>Answers in the one JSON dialect.</summary>
public static class Answers
{
    /// <summary>A value with a status.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, WireFormat.Options, statusCode: status);

    /// <summary>A value that has a place of its own.</summary>
    public static IResult At<T>(HttpContext context, string place, T value, int status)
    {
        context.Response.Headers.Location = place;
        return Json(value, status);
    }
}
