using System.Text.Json;

namespace EdgeBench.Devices.Power;

/// <summary>Numbers in JSON that a device or a program sent.</summary>
internal static class JsonNumber
{
    /// <summary>The number at a path of keys; null where the path ends early or something else is there.</summary>
    public static double? At(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string key in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element)) return null;
        }
        return Of(element);
    }

    /// <summary>The element as a number, or null.</summary>
    public static double? Of(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) ? value : null;

    /// <summary>One element of an array, or the element itself where it is none and the first is asked for.</summary>
    public static JsonElement? Item(JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Array ? (index < element.GetArrayLength() ? element[index] : null)
        : index == 0 ? element
        : null;
}
