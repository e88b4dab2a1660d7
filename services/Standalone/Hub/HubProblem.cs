using System.Net;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Hub;

/// <summary>A hub's refusal as what it means for who asked.</summary>
internal static class HubProblem
{
    public static Exception Of(HttpResponseMessage answer, HubAddress hub, HubName model)
    {
        var status = (int)answer.StatusCode;
        var place = $"{hub.Root}{model.Name}";
        var code = answer.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.FirstOrDefault() : null;
        return (answer.StatusCode, code) switch
        {
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, "GatedRepo") => new BadInputException(
                $"{place}: is given only to those who accepted its conditions; accept them there, and set HF_TOKEN to a token of that account"
            ),
            (HttpStatusCode.Unauthorized, _) => new BadInputException(
                hub.Token is null
                    ? $"{place}: there is no such model, or it is not public; expected the name as it stands there, or a token that may read it in HF_TOKEN"
                    : $"{place}: the hub does not know the token in HF_TOKEN, or there is no such model"
            ),
            (HttpStatusCode.Forbidden, _) => new BadInputException(
                hub.Token is null
                    ? $"{place}: is not public; expected a token that may read it in HF_TOKEN"
                    : $"{place}: the token in HF_TOKEN may not read it"
            ),
            (HttpStatusCode.NotFound, "RevisionNotFound") => new BadInputException(
                $"{place}: has no revision '{model.Revision}'; expected a branch, a tag or a commit"
            ),
            (HttpStatusCode.NotFound, _) => new BadInputException(
                $"{place}: there is no such model, or it has no revision '{model.Revision}'; expected the name as it stands there"
            ),
            (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout, _) => Busy(),
            _ when status >= 500 => Busy(),
            _ => new BadInputException($"{place}: answers {status} {answer.ReasonPhrase}; expected a model"),
        };

        HubBusyException Busy() =>
            new($"answers {status} {answer.ReasonPhrase}", answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
    }
}

/// <summary>A hub that cannot answer for now.</summary>
/// <param name="asked">How long it asks to be left alone.</param>
internal sealed class HubBusyException(string message, TimeSpan asked) : Exception(message)
{
    public TimeSpan Asked { get; } = asked;
}
