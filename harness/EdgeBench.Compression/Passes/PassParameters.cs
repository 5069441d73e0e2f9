using System.Reflection;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Passes;

/// <summary>A pass's parameters from and to JSON.</summary>
internal static class PassParameters
{
    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where the JSON is no such record.</summary>
    public static T Read<T>(string pass, JsonElement parameters) where T : class => (T)Read(pass, parameters, typeof(T));

    /// <summary>The one spelling of a setting: every property, in the record's order.</summary>
    public static JsonElement Canonical(IPass pass, JsonElement parameters) =>
        JsonSerializer.SerializeToElement(Read(pass.Name, parameters, pass.ParametersType), pass.ParametersType, EdgeBenchJson.Options);

    private static object Read(string pass, JsonElement parameters, Type type)
    {
        try
        {
            if (parameters.ValueKind == JsonValueKind.Undefined) return Activator.CreateInstance(type)!;
            object read = parameters.Deserialize(type, EdgeBenchJson.Options) ?? throw new JsonException("'null' is no value.");
            RefuseUndefined(read);
            return read;
        }
        catch (JsonException exception)
        {
            string place = exception.Path is { Length: > 0 } path ? $" at {path}" : "";
            throw EdgeBenchException.BadInput($"parameters {parameters.GetRawText()} of pass '{pass}'{place}", Allowed(type));
        }
    }

    // The converter takes any number for an enum.
    private static void RefuseUndefined(object read)
    {
        foreach (PropertyInfo property in read.GetType().GetProperties().Where(p => p.PropertyType.IsEnum))
        {
            object value = property.GetValue(read)!;
            if (!Enum.IsDefined(property.PropertyType, value)) throw new JsonException($"'{value}' is no {property.PropertyType.Name}.");
        }
    }

    // Such as: weights (q8_0, q4_0), method (rtn).
    private static string Allowed(Type type) => string.Join(", ", type.GetProperties().Where(p => p.GetMethod is { IsPublic: true, IsStatic: false }).Select(property =>
    {
        string name = EdgeBenchJson.Options.PropertyNamingPolicy!.ConvertName(property.Name);
        if (!property.PropertyType.IsEnum) return name;
        IEnumerable<string?> values = Enum.GetValues(property.PropertyType).Cast<object>()
            .Select(value => JsonSerializer.SerializeToElement(value, property.PropertyType, EdgeBenchJson.Options).GetString());
        return $"{name} ({string.Join(", ", values)})";
    }));
}
