using System.Text;
using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;

namespace EdgeBench.Suites.Tasks.Data;

/// <summary>A text with places for fields: <c>Question: {question}\nAnswer:</c>. <c>{{</c> and <c>}}</c> are braces.</summary>
internal sealed class Template
{
    // A field's name, or a text where Field is false.
    private readonly List<(string Text, bool Field)> _parts = [];

    private Template()
    {
    }

    /// <summary>Names of the fields, in order.</summary>
    public IEnumerable<string> Fields => _parts.Where(part => part.Field).Select(part => part.Text);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for braces that have no partner, and for a template without a field.</summary>
    public static Template Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Template template = new();
        StringBuilder literal = new();
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            if (letter is '{' or '}' && at + 1 < text.Length && text[at + 1] == letter)
            {
                literal.Append(letter);
                at++;
            }
            else if (letter == '{')
            {
                int close = text.IndexOf('}', at);
                if (close < 0 || close == at + 1) throw Wrong(text, $"a '{{' at character {at + 1} that no name and '}}' follow");
                template._parts.Add((literal.ToString(), false));
                template._parts.Add((text[(at + 1)..close], true));
                literal.Clear();
                at = close;
            }
            else if (letter == '}') throw Wrong(text, $"a '}}' at character {at + 1} without its '{{'");
            else literal.Append(letter);
        }
        template._parts.Add((literal.ToString(), false));
        return template.Fields.Any() ? template : throw Wrong(text, "no field in it");
    }

    /// <summary>The text for one record, or null with a problem added where a field is not there.</summary>
    /// <param name="named">Fields that every record has under these names.</param>
    public string? Fill(TaskRecord record, IReadOnlyDictionary<string, string> named, DataProblems problems)
    {
        StringBuilder text = new();
        foreach ((string part, bool field) in _parts)
        {
            string? value = !field ? part : named.GetValueOrDefault(part) ?? record.Text(part);
            if (value is null)
            {
                string[] there = [.. named.Keys.Concat(record.Json.EnumerateObject().Select(property => property.Name)).Distinct()];
                problems.Add(record.Line, $"no text in field '{part}', which the template names", $"one of {string.Join(", ", there)}", Nearest.Question(part, there));
                return null;
            }
            text.Append(value);
        }
        return text.ToString();
    }

    private static EdgeBenchException Wrong(string text, string what) =>
        EdgeBenchException.BadInput($"template '{text}': {what}", "texts and fields, such as 'Question: {question}'; braces themselves are written twice");
}
