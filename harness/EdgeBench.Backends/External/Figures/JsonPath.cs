using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace EdgeBench.Backends.External.Figures;

/// <summary>A place in a JSON document: names and indices, such as <c>timings.runs[0].ms</c>, with an optional <c>$.</c> before them.</summary>
internal sealed class JsonPath
{
    private const int MaxSteps = 16;

    // A name, or an index as a number.
    private readonly IReadOnlyList<object> _steps;

    private JsonPath(string text, IReadOnlyList<object> steps) => (Text, _steps) = (text, steps);

    public string Text { get; }

    /// <summary>Reads a path, or tells what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, out string problem)
    {
        path = null;
        problem = $"path '{text}'; expected names and [indices] such as timings.runs[0].ms, at most {MaxSteps} deep";
        string rest = text.StartsWith("$.", StringComparison.Ordinal) ? text[2..] : text;
        List<object> steps = [];
        foreach (string part in rest.Split('.'))
        {
            string[] pieces = part.Split('[');
            if (pieces[0].Length == 0) return false;
            steps.Add(pieces[0]);
            foreach (string index in pieces.Skip(1))
            {
                if (!index.EndsWith(']') || !int.TryParse(index[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
                steps.Add(number);
            }
        }
        if (steps.Count > MaxSteps || steps.Any(step => step is string name && name.Contains(']', StringComparison.Ordinal))) return false;
        path = new JsonPath(text, steps);
        return true;
    }

    /// <summary>What stands there, or null.</summary>
    public JsonElement? Find(JsonElement top)
    {
        JsonElement at = top;
        foreach (object step in _steps)
        {
            if (step is string name)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
            }
            else if (at.ValueKind == JsonValueKind.Array && (int)step < at.GetArrayLength()) at = at[(int)step];
            else return null;
        }
        return at;
    }

    /// <summary>The numbers that stand there: one, or those of a list; none where nothing does. Throws <see cref="ToolOutputException"/> for anything else.</summary>
    public IReadOnlyList<double> Numbers(JsonElement top) => Find(top) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select((item, i) => Figures.Numbers.Positive(item, $"'{Text}' [{i}]"))],
        { } single => [Figures.Numbers.Positive(single, $"'{Text}'")],
    };
}
