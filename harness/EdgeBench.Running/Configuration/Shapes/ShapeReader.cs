using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>
/// Derives shapes from record types through the serializer's own contract, so that keys and enum names are exactly those that
/// <see cref="EdgeBenchJson"/> reads and writes. A property that <c>bench.yaml</c> could not express is the programmer's error, said at once.
/// </summary>
internal static class ShapeReader
{
    public static IReadOnlyList<PropertyShape> Properties(Type type)
    {
        object? defaults = type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);
        // Until the first serialization the options have no resolver of contracts.
        EdgeBenchJson.Options.MakeReadOnly(populateMissingResolver: true);
        JsonTypeInfo contract = EdgeBenchJson.Options.GetTypeInfo(type);
        if (contract.Kind != JsonTypeInfoKind.Object) throw Unsupported(type, "is not a record of properties");
        return [.. contract.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null).Select(p => Property(type, p, defaults))];
    }

    private static PropertyShape Property(Type owner, JsonPropertyInfo property, object? defaults)
    {
        ICustomAttributeProvider attributes = property.AttributeProvider
            ?? throw Unsupported(owner, $"has a property {property.Name} without attributes");
        bool positional = property.AssociatedParameter is { HasDefaultValue: false } && defaults is null;
        bool required = property.IsRequired || positional;
        object? fallback = required ? null
            : property.AssociatedParameter is { HasDefaultValue: true } parameter ? parameter.DefaultValue
            : defaults is null ? null : property.Get?.Invoke(defaults);
        Type? underlying = Nullable.GetUnderlyingType(property.PropertyType);
        ValueShape value = Value(owner, property.Name, underlying ?? property.PropertyType, attributes);
        bool nullable = underlying is not null || (!property.PropertyType.IsValueType && property.IsSetNullable);
        return new PropertyShape(property.Name, value, required, nullable, Default(fallback),
            One<DescriptionAttribute>(attributes)?.Description);
    }

    private static ValueShape Value(Type owner, string name, Type type, ICustomAttributeProvider attributes)
    {
        foreach (ValidationAttribute validation in attributes.GetCustomAttributes(typeof(ValidationAttribute), true).Cast<ValidationAttribute>())
        {
            if (validation is not (RangeAttribute or AllowedValuesAttribute or RequiredAttribute))
                throw Unsupported(owner, $"checks {name} with {validation.GetType().Name}, which is not understood here");
        }
        RangeAttribute? range = One<RangeAttribute>(attributes);
        object?[]? allowed = One<AllowedValuesAttribute>(attributes)?.Values;
        if (allowed is not null && (Array.Exists(allowed, v => v is null) || (type != typeof(string) && Integers(type) is null)))
            throw Unsupported(owner, $"lists allowed values of {name}, which is understood for texts and whole numbers only");
        if (type == typeof(string)) return allowed is null ? new TextShape() : new ChoiceShape([.. allowed.Cast<string>()]);
        if (type == typeof(bool)) return new FlagShape();
        if (type.IsEnum) return new ChoiceShape([.. Enum.GetValues(type).Cast<object>().Select(v => Node(v, type)!.GetValue<string>()).Distinct()]);
        if (type == typeof(TimeSpan)) return new DurationShape(Time(range?.Minimum) ?? TimeSpan.Zero,
            Time(range?.Maximum) ?? TimeSpan.MaxValue);
        if (Integers(type) is { } limits)
        {
            decimal minimum = Math.Max(limits.Minimum, Whole(range?.Minimum, limits.Minimum) + (range?.MinimumIsExclusive == true ? 1 : 0));
            decimal maximum = Math.Min(limits.Maximum, Whole(range?.Maximum, limits.Maximum) - (range?.MaximumIsExclusive == true ? 1 : 0));
            if (attributes.IsDefined(typeof(ByteSizeAttribute), inherit: true)) return new SizeShape(minimum, maximum);
            return new IntegerShape(minimum, maximum, allowed?.Select(v => Convert.ToDecimal(v, CultureInfo.InvariantCulture)).ToArray());
        }
        if (type == typeof(double) || type == typeof(float))
        {
            double largest = type == typeof(float) ? float.MaxValue : double.MaxValue;
            return new NumberShape(Real(range?.Minimum) ?? -largest, Real(range?.Maximum) ?? largest, range?.MinimumIsExclusive == true,
                range?.MaximumIsExclusive == true);
        }
        if (Element(type) is { } element) return new ListShape(Value(owner, name, element, attributes));
        if (type.IsClass && !typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(object)) return new NestedShape(RecordShape.Of(type));
        throw Unsupported(owner, $"has a property {name} of type {type.Name}, which bench.yaml cannot express");
    }

    private static (decimal Minimum, decimal Maximum)? Integers(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => null,
    };

    private static Type? Element(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0])) ? type.GetGenericArguments()[0]
        : null;

    // A range may be written with doubles beyond what decimal holds; such a bound does not bind an integer.
    private static decimal Whole(object? bound, decimal unbounded) =>
        bound is null || Math.Abs(Convert.ToDouble(bound, CultureInfo.InvariantCulture)) > 1e28 ? unbounded
        : Convert.ToDecimal(bound, CultureInfo.InvariantCulture);

    private static double? Real(object? bound) => bound is null ? null : Convert.ToDouble(bound, CultureInfo.InvariantCulture);

    private static TimeSpan? Time(object? bound) => bound is null ? null : TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture);

    // An empty text or list says nothing to a reader of the schema, and durations are written by the serializer in a form that YAML does not take.
    private static JsonNode? Default(object? value) => value is null or TimeSpan ? null : Node(value, value.GetType());

    private static JsonNode? Node(object value, Type type) => JsonSerializer.SerializeToNode(value, type, EdgeBenchJson.Options);

    private static T? One<T>(ICustomAttributeProvider attributes) where T : Attribute =>
        (T?)attributes.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault();

    private static NotSupportedException Unsupported(Type owner, string why) => new($"{owner.FullName} {why}.");
}
