using System.Globalization;
using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Values as Python's <c>json.dumps(value, ensure_ascii=False)</c> writes them: transformers' <c>tojson</c>.</summary>
internal static class JsonText
{
    public static string Of(object? value, FilterCall call)
    {
        object? given = call.Argument(0, "indent");
        string? indent = given is string own ? own : Values.Integer(given) is { } width ? new string(' ', (int)Math.Clamp(width, 0, 64)) : null;
        (string item, string key) = Separators(call, indent is null ? ", " : ",");
        StringBuilder output = new();
        Writer writer = new(output, indent, item, key, Values.IsTrue(call.Names.GetValueOrDefault("sort_keys")), Values.IsTrue(call.Names.GetValueOrDefault("ensure_ascii")), call);
        writer.Write(value, 1);
        return output.ToString();
    }

    private static (string, string) Separators(FilterCall call, string item) =>
        call.Names.GetValueOrDefault("separators") is List<object?> { Count: 2 } pair && pair[0] is string first && pair[1] is string second ? (first, second) : (item, ": ");

    private sealed record Writer(StringBuilder Output, string? Indent, string Item, string Key, bool Sorted, bool Ascii, FilterCall Call)
    {
        public void Write(object? value, int depth)
        {
            System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
            Call.Run.Budget.Step();
            switch (value)
            {
                case null: Output.Append("null"); break;
                case bool flag: Output.Append(flag ? "true" : "false"); break;
                case long number: Output.Append(number.ToString(CultureInfo.InvariantCulture)); break;
                case double number: Output.Append(double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : Values.Float(number)); break;
                case string text: Quote(text); break;
                case List<object?> list: Sequence('[', ']', list.Count, depth, index => Write(list[index], depth + 1)); break;
                case TemplateMap { IsNamespace: false } map: Map(map, depth); break;
                default: throw Call.Refused($"{Values.Kind(value)} as JSON", "texts, numbers, lists and mappings");
            }
        }

        private void Map(TemplateMap map, int depth)
        {
            KeyValuePair<object, object?>[] entries = Sorted ? [.. map.OrderBy(entry => entry.Key, Comparer<object>.Create((a, b) => Values.Compare(a, b, Call.Run.Budget)))] : [.. map];
            Sequence('{', '}', entries.Length, depth, index =>
            {
                Quote(entries[index].Key is string name ? name : entries[index].Key is bool flag ? (flag ? "true" : "false") : Values.Text(entries[index].Key, Call.Run.Budget));
                Output.Append(Key);
                Write(entries[index].Value, depth + 1);
            });
        }

        private void Sequence(char open, char close, int count, int depth, Action<int> write)
        {
            Output.Append(open);
            for (int i = 0; i < count; i++)
            {
                if (i > 0) Output.Append(Item);
                Line(depth);
                write(i);
            }
            if (count > 0) Line(depth - 1);
            Output.Append(close);
        }

        private void Line(int depth)
        {
            if (Indent is null) return;
            Call.Run.Budget.Spend((long)depth * Indent.Length);
            Output.Append('\n');
            for (int i = 0; i < depth; i++) Output.Append(Indent);
        }

        private void Quote(string text)
        {
            Call.Run.Budget.Spend(text.Length);
            Output.Append('"');
            foreach (char letter in text)
            {
                Output.Append(letter switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    < ' ' => $"\\u{(int)letter:x4}",
                    > '~' when Ascii => $"\\u{(int)letter:x4}",
                    _ => letter.ToString(),
                });
            }
            Output.Append('"');
        }
    }
}
