using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>One parameter of a spec record: its name in a scenario, its type, its rules.</summary>
internal sealed class SpecParameter(PropertyInfo property)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<SpecParameter>> Known = new();

    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    public PropertyInfo Property { get; } = property;

    /// <summary>The type without the question mark.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public bool Required { get; } = property.GetCustomAttribute<RequiredAttribute>() is not null;
    public string? Description { get; } = property.GetCustomAttribute<DescriptionAttribute>()?.Description;
    public RangeAttribute? Range { get; } = property.GetCustomAttribute<RangeAttribute>();
    public RegularExpressionAttribute? Pattern { get; } = property.GetCustomAttribute<RegularExpressionAttribute>();

    public IReadOnlyList<string>? Words { get; } =
        property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.OfType<string>().ToList();

    /// <summary>The parameter that takes a block of keys in its place; null where none does.</summary>
    public SpecParameter? Block { get; } =
        property
            .DeclaringType!.GetProperties()
            .FirstOrDefault(other => other.GetCustomAttribute<BlockOfAttribute>()?.Parameter == property.Name)
            is { } block
            ? new(block)
            : null;

    public bool IsText => Type == typeof(string);
    public bool IsWhole => Type == typeof(int) || Type == typeof(long);
    public bool IsNumber => Type == typeof(double) || Type == typeof(float);
    public bool IsSwitch => Type == typeof(bool);
    public bool IsScalar => IsText || IsWhole || IsNumber || IsSwitch;
    public bool IsList => Type == typeof(IReadOnlyList<string>);
    public bool IsMap => Type == typeof(IReadOnlyDictionary<string, string>);

    /// <summary>The parameters of a spec, as they stand in the record.</summary>
    public static IReadOnlyList<SpecParameter> Of(Type spec) =>
        Known.GetOrAdd(
            spec,
            type =>
                [
                    .. type.GetProperties()
                        .Where(p => p.CanWrite && p.GetCustomAttribute<BlockOfAttribute>() is null)
                        .Where(p => p.GetCustomAttribute<SetByUnrollingAttribute>() is null)
                        .Select(p => new SpecParameter(p)),
                ]
        );

    /// <summary>Its range has no upper end.</summary>
    public bool IsOpen => Range?.Maximum is int.MaxValue or long.MaxValue or double.MaxValue;

    /// <summary>What may stand here, for messages.</summary>
    public string Expected
    {
        get
        {
            if (Words is not null)
                return (IsList ? "a list of some of " : "one of ")
                    + string.Join(", ", Words)
                    + (Block is null ? "" : ", or its parts");
            if (Pattern is not null)
                return Pattern.ErrorMessage ?? $"text like {Pattern.Pattern}";
            var what =
                IsWhole ? "a whole number"
                : IsNumber ? "a number"
                : IsSwitch ? "true or false"
                : IsList ? "a list of words"
                : IsMap ? "words by name, { name: word } or 'name=word, name=word'"
                : IsText ? "a word"
                : "keys and values";
            return Range is null ? what : what + Bounds(Range);
        }
    }

    private string Bounds(RangeAttribute range)
    {
        string Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture)!;
        return IsOpen ? $" of at least {Text(range.Minimum)}" : $" from {Text(range.Minimum)} to {Text(range.Maximum)}";
    }
}
