using System.ComponentModel;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>Parameters of <c>multiple-choice</c>.</summary>
public sealed record MultipleChoiceParameters : TaskParameters
{
    [Description("File with one answer a line, where the items hold none (PIQA's labels).")]
    public string? Answers { get; init; }

    [Description("Text before each choice; {question} and any text field of an item are filled in.")]
    public string Template { get; init; } = "Question: {question}\nAnswer:";

    [Description("Between the text and each choice.")]
    public string Delimiter { get; init; } = " ";

    /// <summary>Reads and checks; throws <see cref="EdgeBenchException"/>.</summary>
    internal static MultipleChoiceParameters Of(JsonElement parameters)
    {
        MultipleChoiceParameters read = parameters.Deserialize<MultipleChoiceParameters>(EdgeBenchJson.Options) ?? new();
        read.Check("multiple-choice");
        _ = Tasks.Data.Template.Parse(read.Template);
        return read;
    }
}
