namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Draws the learning curve: a line with marks and a band of its intervals for each series.</summary>
internal sealed class CurveChart
{
    private const double Width = 920;
    private const double Height = 470;
    private const double Left = 62;
    private const double Widest = 710;
    private const double Narrowest = 480;
    private const double Letter = 7.4; // of the names beside the lines, at most
    private const double Top = 18;
    private const double Bottom = 400;

    /// <summary>How far an interval may widen the drawing beyond the means, in shares of their range.</summary>
    private const double Widening = 0.35;

    private readonly Curve _curve;
    private readonly Scale _y;
    private readonly double _factor;
    private readonly double _right;

    public CurveChart(Curve curve)
    {
        _curve = curve;
        // A name, a blank and a figure of four characters.
        var longest = curve.Lines.Max(line => line.Name.Length) + 5;
        _right = Math.Clamp(Width - 17 - Letter * longest, Narrowest, Widest);
        _factor = Wording.IsShare(curve.Metric) ? 100 : 1;
        var samples = curve.Lines.SelectMany(line => line.Points).Select(point => point.Sample).ToArray();
        var low = samples.Min(sample => sample.Mean);
        var high = samples.Max(sample => sample.Mean);
        var room = Math.Max((high - low) * Widening, 0.02);
        var lowest = samples.Min(sample => sample.Interval?.Low ?? sample.Mean);
        var highest = samples.Max(sample => sample.Interval?.High ?? sample.Mean);
        low = Math.Max(lowest, low - room) - room * 0.1;
        high = Math.Min(highest, high + room) + room * 0.1;
        if (_factor > 1)
            (low, high) = (Math.Max(0, low), Math.Min(1, high));
        _y = new Scale(low * _factor, high * _factor, Bottom, Top);
    }

    public Html Draw() =>
        Html.Of(
            $"""
            <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Title}">
            <defs><clipPath id="plot"><rect x="{Left}" y="{Top}" width="{_right - Left}" height="{Bottom
                - Top}"/></clipPath></defs>
            {Grid()}
            <g clip-path="url(#plot)">{Html.Join(_curve.Lines.Index(), line => Band(line.Index, line.Item))}</g>
            {Html.Join(_curve.Lines.Index().Reverse(), line => Line(line.Index, line.Item))}
            {Labels()}
            </svg>

            """
        );

    /// <summary>The key to the lines, above the drawing.</summary>
    public Html Legend() =>
        Html.Of(
            $"""
            <ul class="legend">{Html.Join(
                _curve.Lines.Index(),
                line => Html.Of(
                    $"""
                    <li><svg class="{Marks.Class(line.Index)}" width="34" height="14" aria-hidden="true"><path class="line" d="M1 7H33"/><path class="mark" d="{Marks.Path(line.Index, 17, 7)}"/></svg>{line.Item.Name}</li>
                    """
                )
            )}</ul>

            """
        );

    private string Title => $"{Wording.Of(_curve.Metric)} over {Wording.Of(_curve.Axis)}, one line per model";

    private double X(int place) =>
        _curve.Values.Count == 1
            ? (Left + _right) / 2
            : Left + 34 + place * (_right - Left - 68) / (_curve.Values.Count - 1);

    private double Y(double figure) => _y.Inside(figure * _factor);

    private Html Grid() =>
        Html.Of(
            $"""
            <g class="grid">{Html.Join(
                _y.Ticks,
                tick => Html.Of($"""<path d="M{Left} {_y.At(tick)}H{_right}"/>""")
            )}</g>
            <g class="ticks">{Html.Join(
                _y.Ticks,
                tick => Html.Of($"""<text x="{Left - 10}" y="{_y.At(tick) + 4.5}" text-anchor="end">{Tick(tick)}</text>""")
            )}{Html.Join(
                _curve.Values.Index(),
                value => Html.Of($"""<text x="{X(value.Index)}" y="{Bottom + 22}" text-anchor="middle">{value.Item}</text>""")
            )}</g>
            <path class="axis" d="M{Left} {Bottom}H{_right}"/>
            <text class="axis-name" x="{(Left + _right) / 2}" y="{Bottom + 50}" text-anchor="middle">{Wording.Of(
                _curve.Axis
            )}</text>
            <text class="axis-name" transform="translate(16 {(Top + Bottom) / 2}) rotate(-90)" text-anchor="middle">{YName}</text>
            """
        );

    private string YName => Wording.Of(_curve.Metric) + (Wording.IsShare(_curve.Metric) ? ", %" : "");

    private string Tick(double tick) => Wording.Number(tick, _y.Decimals);

    private Html Band(int index, CurveLine line)
    {
        var points = line.Points.Where(point => point.Sample.Interval is not null).ToArray();
        if (points.Length < 2)
            return Html.Empty;
        var upper = points.Select(point => (point.Place, point.Sample.Interval!.Value.High));
        var lower = points.Reverse().Select(point => (point.Place, point.Sample.Interval!.Value.Low));
        var corners = Html.Join(
            upper.Concat(lower).Index(),
            corner => Html.Of($"{(corner.Index == 0 ? "M" : "L")}{X(corner.Item.Place)} {Y(corner.Item.Item2)}")
        );
        return Html.Of($"""<path class="band {Marks.Class(index)}" d="{corners}Z"/>""");
    }

    private Html Line(int index, CurveLine line)
    {
        var path = Html.Join(
            line.Points.Index(),
            point => Html.Of($"{(point.Index == 0 ? "M" : "L")}{X(point.Item.Place)} {Y(point.Item.Sample.Mean)}")
        );
        return Html.Of(
            $"""
            <g class="{Marks.Class(index)}"><path class="line" d="{path}"/>{Html.Join(
                line.Points,
                point => Html.Of(
                    $"""
                    <path class="mark" d="{Marks.Path(index, X(point.Place), Y(point.Sample.Mean))}"><title>{Tip(
                        line,
                        point
                    )}</title></path>
                    """
                )
            )}</g>

            """
        );
    }

    private string Tip(CurveLine line, CurvePoint point)
    {
        var sample = point.Sample;
        var interval = sample.Interval is { } known
            ? $", 95 % interval {Figure(known.Low)} to {Figure(known.High)}"
            : "";
        return $"{line.Name}, {Wording.Of(_curve.Axis)} {point.Value}: {Figure(sample.Mean)}{Wording.Unit(_curve.Metric)}"
            + $"{interval}, {Wording.Count(sample.Count, _curve.Counted)}";
    }

    private string Figure(double value) => Wording.Figure(_curve.Metric, value);

    /// <summary>Names at the right end of the lines, moved apart where they would overlap.</summary>
    private Html Labels()
    {
        var ends = _curve
            .Lines.Index()
            .Select(line => (line.Index, line.Item.Name, Last: line.Item.Points[^1]))
            .OrderBy(end => Y(end.Last.Sample.Mean))
            .ToArray();
        var places = Spaced(Array.ConvertAll(ends, end => Y(end.Last.Sample.Mean)), 17, Top + 4, Bottom - 2);
        return Html.Join(
            ends.Zip(places),
            end =>
                Html.Of(
                    $"""
                <g class="{Marks.Class(end.First.Index)}"><path class="leader" d="M{X(end.First.Last.Place) + 8} {Y(
                    end.First.Last.Sample.Mean
                )}L{_right + 4} {end.Second}H{_right + 12}"/><text class="label" x="{_right + 17}" y="{end.Second + 4.5}">{end.First.Name} <tspan class="figure">{Figure(
                    end.First.Last.Sample.Mean
                )}</tspan></text></g>

                """
                )
        );
    }

    private static double[] Spaced(double[] sorted, double gap, double top, double bottom)
    {
        var places = (double[])sorted.Clone();
        for (var at = 0; at < places.Length; at++)
            places[at] = Math.Max(places[at], at == 0 ? top : places[at - 1] + gap);
        for (var at = places.Length - 1; at >= 0; at--)
            places[at] = Math.Min(
                places[at],
                at == places.Length - 1 ? Math.Max(bottom, top + gap * at) : places[at + 1] - gap
            );
        return places;
    }
}
