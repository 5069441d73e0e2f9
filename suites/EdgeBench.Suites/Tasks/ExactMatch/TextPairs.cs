using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>The pairs of a data file, all of them checked.</summary>
internal sealed record TextPairs(TaskFile File, IReadOnlyList<TextPair> All)
{
    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the problems of the file, by line.</summary>
    public static TextPairs Read(ExactMatchParameters parameters, string data)
    {
        TaskFile file = TaskFile.Read(data);
        Template template = Template.Parse(parameters.Template);
        DataProblems problems = new(data);
        List<TextPair> all = [];
        foreach (TaskRecord record in file.Records)
        {
            if (problems.Full) break;
            if (Pair(record, template, parameters, problems) is { } pair) all.Add(pair);
        }
        problems.Throw();
        return new(file, all);
    }

    private static TextPair? Pair(TaskRecord record, Template template, ExactMatchParameters parameters, DataProblems problems)
    {
        if (record.Text("prompt") is not { } prompt || record.Text("completion") is not { } completion)
        {
            problems.Add(record.Line, $"an item with fields {record.Fields}", "'prompt' and 'completion', both of them texts");
            return null;
        }
        string wanted = NormalisedText.Of(completion, parameters.IgnoreCase);
        if (wanted.Length == 0)
        {
            problems.Add(record.Line, "an empty completion", "a text that the model could write");
            return null;
        }
        // Blanks around it do not count, so a stop text there is no obstacle.
        if (parameters.Stop.Length > 0 && completion.Trim().Contains(parameters.Stop, StringComparison.Ordinal))
        {
            problems.Add(record.Line, $"a completion that holds the stop text '{parameters.Stop.ReplaceLineEndings("\\n")}', so that no written text could be equal", "a completion without it", "Give another 'stop'.");
            return null;
        }
        return template.Fill(record, new Dictionary<string, string>(), problems) is { } text ? new(record.Index, record.Line, text, wanted) : null;
    }
}
