namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Figures along a line of a drawing, with round ticks.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;

    /// <param name="low">Smallest figure to show.</param>
    /// <param name="high">Largest figure to show.</param>
    /// <param name="start">Coordinate of the lower end.</param>
    /// <param name="end">Coordinate of the upper end.</param>
    public Scale(double low, double high, double start, double end)
    {
        var span = Math.Max(high - low, 1e-6);
        Step = StepFor(span / 6);
        _from = Math.Floor(low / Step + 1e-9) * Step;
        _to = Math.Ceiling(high / Step - 1e-9) * Step;
        if (_to <= _from)
            _to = _from + Step;
        (_start, _end) = (start, end);
    }

    public double Step { get; }

    /// <summary>Decimals that tell two ticks apart.</summary>
    public int Decimals => Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 6);

    public IEnumerable<double> Ticks =>
        Enumerable.Range(0, (int)Math.Round((_to - _from) / Step) + 1).Select(tick => _from + tick * Step);

    public double At(double figure) => _start + (figure - _from) / (_to - _from) * (_end - _start);

    /// <summary>The same, kept inside the drawing.</summary>
    public double Inside(double figure) => At(Math.Clamp(figure, _from, _to));

    private static double StepFor(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= least * 0.999);
    }
}
