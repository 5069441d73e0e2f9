using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>The questions of a data file, all of them checked.</summary>
internal sealed record ChoiceQuestions(TaskFile File, IReadOnlyList<ChoiceQuestion> All)
{
    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the problems of the file, by line.</summary>
    /// <param name="answers">File with one answer a line; null where items hold theirs.</param>
    public static ChoiceQuestions Read(MultipleChoiceParameters parameters, string data, string? answers)
    {
        TaskFile file = TaskFile.Read(data);
        string[]? apart = answers is null ? null : Answers(answers, file);
        Template template = Template.Parse(parameters.Template);
        DataProblems problems = new(data);
        List<ChoiceQuestion> all = [];
        foreach (TaskRecord record in file.Records)
        {
            if (problems.Full) break;
            if (Question(record, template, apart?[record.Index], problems) is { } question) all.Add(question);
        }
        problems.Throw();
        return new(file, all);
    }

    private static ChoiceQuestion? Question(TaskRecord record, Template template, string? apart, DataProblems problems)
    {
        if (ChoiceLayouts.All.FirstOrDefault(layout => layout.Fits(record)) is not { } layout)
        {
            problems.Add(record.Line, $"an item with fields {record.Fields}", ChoiceLayouts.Fields);
            return null;
        }
        if (layout.Read(record, problems) is not { } item || Wrong(record, item, apart, problems)) return null;
        if ((apart ?? item.Answer) is not { } answer)
        {
            problems.Add(record.Line, "an item without an answer", layout.Fields, "Where the answers stand in a file of their own, name it: 'answers: labels.lst'.");
            return null;
        }
        if (item.Right(answer) is not { } right)
        {
            problems.Add(record.Line, $"answer '{answer}', which is none of the item's {item.Choices.Count} choices", item.Allowed);
            return null;
        }
        return template.Fill(record, new Dictionary<string, string> { ["question"] = item.Question }, problems) is { } text ? new(record.Index, record.Line, text, item.Choices, right) : null;
    }

    private static bool Wrong(TaskRecord record, ChoiceItem item, string? apart, DataProblems problems)
    {
        int empty = item.Choices.ToList().FindIndex(string.IsNullOrWhiteSpace);
        if (item.Choices.Count < 2) problems.Add(record.Line, $"an item with {item.Choices.Count} choice", "two choices at least");
        else if (empty >= 0) problems.Add(record.Line, $"choice {empty + 1} is empty", "a choice of one letter at least");
        else if (apart is not null && item.Answer is not null) problems.Add(record.Line, $"an answer '{item.Answer}' in the item, and one in 'answers'", "one of the two", "Leave 'answers' out.");
        else return false;
        return true;
    }

    private static string[] Answers(string path, TaskFile file)
    {
        string[] lines;
        try
        {
            lines = [.. System.IO.File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"a file that cannot be read: {exception.Message}", "a readable file", file: path);
        }
        return lines.Length == file.Records.Count ? lines
            : throw EdgeBenchException.BadInput($"{lines.Length} answers for {file.Records.Count} items of '{file.Path}'", "one answer on each line, as many as items", file: path);
    }
}
