using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>PIQA's: <c>goal</c>, <c>sol1</c>, <c>sol2</c>, and <c>label</c> where it does not stand in a file of its own.</summary>
internal sealed class SolutionsLayout : IChoiceLayout
{
    public string Fields => "'goal', 'sol1', 'sol2' and 'label'";

    public bool Fits(TaskRecord record) => record.Text("goal") is not null && record.Json.TryGetProperty("sol1", out _);

    public ChoiceItem? Read(TaskRecord record, DataProblems problems)
    {
        if (record.Text("sol1") is { } first && record.Text("sol2") is { } second) return new(record.Text("goal")!, [first, second], [], record.Text("label"));
        problems.Add(record.Line, $"fields {record.Fields}", Fields + ", all of them texts");
        return null;
    }
}
