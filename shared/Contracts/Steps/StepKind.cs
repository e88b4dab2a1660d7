namespace TransferPipeline.Contracts.Steps;

/// <summary>What a step leaves behind.</summary>
public enum StepGives
{
    Dataset,
    Model,
    Rows,
    Report,
}

/// <summary>What a reference in <c>with:</c> may point to.</summary>
public enum InputKind
{
    Dataset,
    Model,
    File,

    /// <summary>A pack of words.</summary>
    Lexicon,

    /// <summary>What an attack has found out: always a step's.</summary>
    Attack,
}

/// <summary>A parameter that takes a reference: a dataset, a model or a file.</summary>
/// <param name="Many">Takes a list.</param>
/// <param name="Reads">The splits whose content the result depends on; only their ids enter the key. Null: all of them.</param>
/// <param name="Literals">Words that may stand instead of a reference (<c>tf-idf</c>); they are then a parameter of the spec.</param>
/// <param name="ReadsCard">Whether a model's card, not only its files, enters the key.</param>
/// <param name="Gathered">A list that takes a step's results at all values of the matrix keys that <c>over</c> names.</param>
/// <param name="Description">What it is for, where its kind does not say it.</param>
/// <param name="ReadsToo">A split that is read besides, where a parameter asks for it.</param>
/// <param name="SetByUnrolling">No scenario gives it: unrolling a step into several does.</param>
public sealed record StepInputKind(
    string Name,
    InputKind Kind,
    bool Required = true,
    bool Many = false,
    IReadOnlyList<string>? Reads = null,
    IReadOnlyList<string>? Literals = null,
    bool ReadsCard = false,
    bool Gathered = false,
    string? Description = null,
    SplitReadWhen? ReadsToo = null,
    bool SetByUnrolling = false
);

/// <summary>A split whose content a result depends on only where a parameter has one of these values.</summary>
/// <param name="Parameter">The property of the kind's spec.</param>
public sealed record SplitReadWhen(string Split, string Parameter, IReadOnlyList<string> Values);

/// <summary>What a step can <c>use</c>: its word in a scenario, its parameters, its inputs, its messages.</summary>
/// <param name="Spec">The record that <c>with:</c> binds to: every property has a default and validation attributes.</param>
/// <param name="Version">Rises when the same parameters give another result; part of the key.</param>
/// <param name="Command">Makes the command that wakes the owner.</param>
/// <param name="Completed">Makes the event that reports success.</param>
/// <param name="Failed">Makes the event that reports failure.</param>
/// <param name="OnDevice">Whether it trains or runs a network, on the device and in the precision that its run says.</param>
public sealed record StepKind(
    string Uses,
    StepGives Gives,
    Type Spec,
    IReadOnlyList<StepInputKind> Inputs,
    int Version,
    Func<RunId, StepId, IStepCommand> Command,
    Func<RunId, StepId, IStepEvent> Completed,
    Func<RunId, StepId, IStepEvent> Failed,
    bool OnDevice = false
)
{
    /// <summary>The inputs that a scenario may give.</summary>
    public IEnumerable<StepInputKind> Given => Inputs.Where(input => !input.SetByUnrolling);
}

/// <summary>The parameter changes how a step works but not its result, so it is left out of the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInKeyAttribute : Attribute;

/// <summary>No scenario gives the parameter: unrolling a step into several does.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SetByUnrollingAttribute : Attribute;

/// <summary>The parameter enters the key only when another one has one of these values (a seed that only a forest draws from).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InKeyWhenAttribute(string parameter, params string[] values) : Attribute
{
    public string Parameter { get; } = parameter;
    public IReadOnlyList<string> Values { get; } = values;
}
