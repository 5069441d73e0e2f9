using System.ComponentModel;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Tasks.Classification;

/// <summary>Parameters of <c>classification</c>.</summary>
public sealed record ClassificationParameters : TaskParameters
{
    [Description("The labels' texts; an item names one, or its 0-based place. Left out, the labels of all items, in the order of their first use.")]
    public IReadOnlyList<string> Labels { get; init; } = [];

    [Description("Text before each label; {text} and any text field of an item are filled in.")]
    public string Template { get; init; } = "{text}\nLabel:";

    [Description("Between the text and each label.")]
    public string Delimiter { get; init; } = " ";

    /// <summary>Reads and checks; throws <see cref="EdgeBenchException"/>.</summary>
    internal static ClassificationParameters Of(JsonElement parameters)
    {
        ClassificationParameters read = parameters.Deserialize<ClassificationParameters>(EdgeBenchJson.Options) ?? new();
        read.Check("classification");
        _ = Tasks.Data.Template.Parse(read.Template);
        if (read.Labels.Count == 1) throw EdgeBenchException.BadInput($"'labels: [{read.Labels[0]}]'", "two labels at least");
        if (read.Labels.Any(string.IsNullOrWhiteSpace)) throw EdgeBenchException.BadInput("an empty label in 'labels'", "labels of one letter at least");
        if (read.Labels.GroupBy(label => label).FirstOrDefault(same => same.Count() > 1) is { } twice) throw EdgeBenchException.BadInput($"label '{twice.Key}' twice in 'labels'", "each label once");
        return read;
    }
}
