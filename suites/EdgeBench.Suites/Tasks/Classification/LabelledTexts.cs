using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.Classification;

/// <summary>The picked items of a data file with the labels of the whole file, all of them checked.</summary>
internal sealed record LabelledTexts(TaskFile File, IReadOnlyList<string> Labels, IReadOnlyList<LabelledText> Picked)
{
    private const string Expected = "'text' (or 'prompt') and 'label'";

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the problems of the file, by line.</summary>
    public static LabelledTexts Read(ClassificationParameters parameters, string data)
    {
        TaskFile file = TaskFile.Read(data);
        Template template = Template.Parse(parameters.Template);
        DataProblems problems = new(data);
        List<string> labels = [.. parameters.Labels];
        List<LabelledText> all = [];
        foreach (TaskRecord record in file.Records)
        {
            if (problems.Full) break;
            if (Text(record, template, labels, given: parameters.Labels.Count > 0, problems) is { } text) all.Add(text);
        }
        problems.Throw();
        LabelledText[] picked = [.. ItemPick.Of(all.Count, parameters.Limit, parameters.Seed).Select(item => all[item])];
        if (picked.Select(text => text.Class).Distinct().Count() < 2)
        {
            bool sorted = picked.Length < all.Count;
            throw EdgeBenchException.BadInput($"label '{labels[picked[0].Class]}' on all {picked.Length} items{(sorted ? " that 'limit' leaves" : "")}", "items of two classes at least",
                sorted ? "Give a 'seed', so that 'limit' draws from the whole file." : "Give data with more than one class.", data);
        }
        return new(file, labels, picked);
    }

    private static LabelledText? Text(TaskRecord record, Template template, List<string> labels, bool given, DataProblems problems)
    {
        string? text = record.FirstText("text", "prompt"), label = record.Text("label")?.Trim();
        if (text is null || label is null)
        {
            problems.Add(record.Line, $"an item with fields {record.Fields}", $"{Expected}, texts or numbers");
            return null;
        }
        int index = labels.IndexOf(label);
        if (index < 0 && given)
        {
            bool number = record.Json.GetProperty("label").ValueKind == JsonValueKind.Number && int.TryParse(label, out index) && index >= 0 && index < labels.Count;
            if (!number)
            {
                problems.Add(record.Line, $"label '{label}'", $"one of {string.Join(", ", labels.Take(20))}{(labels.Count > 20 ? ", …" : "")}, or the place of one from 0 to {labels.Count - 1}", Nearest.Question(label, labels));
                return null;
            }
        }
        if (label.Length == 0)
        {
            problems.Add(record.Line, "an empty label", "a label of one letter at least");
            return null;
        }
        if (index < 0)
        {
            index = labels.Count;
            labels.Add(label);
        }
        return template.Fill(record, new Dictionary<string, string> { ["text"] = text }, problems) is { } filled ? new(record.Index, record.Line, filled, index) : null;
    }
}
