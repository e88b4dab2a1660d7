using System.Globalization;
using System.Text.Json;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Standalone.Remote;

/// <summary>What is known about an upload, as the query of its address.</summary>
internal static class DatasetQuery
{
    public static string Of(ImportRequest request)
    {
        (string Key, string? Value)[] all =
        [
            ("name", request.Name),
            ("task", request.Task is { } task ? JsonNamingPolicy.KebabCaseLower.ConvertName(task.ToString()) : null),
            ("format", request.Format),
            ("encoding", request.Encoding == TextEncoding.Latin1 ? "latin1" : null),
            ("seed", request.Seed.ToString(CultureInfo.InvariantCulture)),
            ("strict", request.Strict ? "true" : null),
            ("text", request.Columns.Text),
            ("textB", request.Columns.TextB),
            ("label", request.Columns.Label),
            ("id", request.Columns.Id),
            ("splitColumn", request.Columns.Split),
            ("group", request.Columns.Group),
            .. request.LabelNames.Select(name => ("labels", (string?)$"{name.Key}={name.Value}")),
            .. request.Fractions.Select(share =>
                ("split", (string?)string.Create(CultureInfo.InvariantCulture, $"{share.Key}:{share.Value}"))
            ),
        ];
        return "?"
            + string.Join(
                '&',
                all.Where(pair => pair.Value is not null)
                    .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}")
            );
    }
}
