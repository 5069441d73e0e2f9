using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>
/// The instruction form of the common-sense collection of LLM-Adapters (Z. Hu et al., EMNLP 2023): <c>instruction</c> holds the question, <c>Answer1: … Answer2: …</c>
/// and <c>Answer format: answer1/answer2</c>; <c>answer</c> names the right one. Read back into the question and choices that it was made of.
/// </summary>
internal sealed class InstructionLayout : IChoiceLayout
{
    private const string Format = "Answer format:", Opening = "Please choose ";

    public string Fields => "'instruction' with 'Answer format: a/b' as its last line, and 'answer'";

    public bool Fits(TaskRecord record) => record.Text("instruction") is { } text && text.Contains(Format, StringComparison.OrdinalIgnoreCase);

    public ChoiceItem? Read(TaskRecord record, DataProblems problems)
    {
        string text = record.Text("instruction")!;
        int format = text.LastIndexOf(Format, StringComparison.OrdinalIgnoreCase);
        string[] keys = text[(format + Format.Length)..].Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string body = text[..format];
        int[] starts = Starts(body, keys);
        if (keys.Length < 2 || starts.Length < keys.Length)
        {
            string missing = keys.Length < 2 ? "fewer than two answers after 'Answer format:'" : $"no '{keys[starts.Length]}:' before 'Answer format:'";
            problems.Add(record.Line, $"an instruction with {missing}", "each answer of the format written out: 'Answer1: … Answer2: …'");
            return null;
        }
        string[] choices = [.. keys.Select((key, i) => body[(starts[i] + key.Length + 1)..(i + 1 < keys.Length ? starts[i + 1] : body.Length)].Trim())];
        return new(Question(body[..starts[0]]), choices, keys, record.Text("answer"));
    }

    // Where each key stands with its colon, one after the other, as far as they are found.
    private static int[] Starts(string body, string[] keys)
    {
        List<int> starts = [];
        int from = 0;
        foreach (string key in keys)
        {
            int at = body.IndexOf($"{key}:", from, StringComparison.OrdinalIgnoreCase);
            if (at < 0) break;
            starts.Add(at);
            from = at + key.Length + 1;
        }
        return [.. starts];
    }

    private static string Question(string head)
    {
        string text = head.Trim();
        int colon = text.StartsWith(Opening, StringComparison.OrdinalIgnoreCase) ? text.IndexOf(':', StringComparison.Ordinal) : -1;
        return text[(colon + 1)..].Trim();
    }
}
