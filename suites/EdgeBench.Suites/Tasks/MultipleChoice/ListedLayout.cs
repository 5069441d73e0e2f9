using System.Text.Json;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>
/// A question and a list of choices: ARC's (<c>question.stem</c> with <c>choices</c> of <c>text</c> and <c>label</c>, or Hugging Face's <c>choices.text</c> and
/// <c>choices.label</c>; <c>answerKey</c>), and lm-evaluation-harness's (<c>query</c>, <c>choices</c>, <c>gold</c>) with their kin.
/// </summary>
internal sealed class ListedLayout : IChoiceLayout
{
    private static readonly string[] s_questions = ["question", "query", "question_stem", "goal", "ctx", "context", "prompt", "text"];
    private static readonly string[] s_choices = ["choices", "endings", "options"];
    private static readonly string[] s_answers = ["answerKey", "answer", "gold", "label"];

    public string Fields => $"'question' ({Others(s_questions)}), 'choices' ({Others(s_choices)}) and 'answerKey' ({Others(s_answers)})";

    public bool Fits(TaskRecord record) => Choices(record) is not null;

    public ChoiceItem? Read(TaskRecord record, DataProblems problems)
    {
        string? question = record.FirstText(s_questions);
        if (question is null && record.Json.TryGetProperty("question", out JsonElement nested) && nested.ValueKind == JsonValueKind.Object
            && nested.TryGetProperty("stem", out JsonElement stem)) question = TaskRecord.TextOf(stem);
        if (question is null)
        {
            problems.Add(record.Line, $"no question in fields {record.Fields}", Fields);
            return null;
        }
        (List<string> texts, List<string> keys) = Listed(Choices(record)!.Value);
        if (texts.Count > 0 && (keys.Count == 0 || keys.Count == texts.Count)) return new(question, texts, keys, record.FirstText(s_answers));
        problems.Add(record.Line, "choices that are no list of texts", "[\"a\", \"b\"], [{ \"text\": …, \"label\": … }], or { \"text\": […], \"label\": […] }");
        return null;
    }

    private static JsonElement? Choices(TaskRecord record)
    {
        foreach (string field in s_choices)
        {
            if (record.Json.TryGetProperty(field, out JsonElement choices)) return choices;
        }
        return record.Json.TryGetProperty("question", out JsonElement question) && question.ValueKind == JsonValueKind.Object && question.TryGetProperty("choices", out JsonElement inside)
            ? inside : null;
    }

    private static (List<string> Texts, List<string> Keys) Listed(JsonElement choices)
    {
        if (choices.ValueKind == JsonValueKind.Object)
        {
            return choices.TryGetProperty("text", out JsonElement apart) && choices.TryGetProperty("label", out JsonElement labels) ? (Texts(apart), Texts(labels)) : ([], []);
        }
        if (choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0) return ([], []);
        if (choices[0].ValueKind != JsonValueKind.Object) return (Texts(choices), []);
        List<string> texts = [], keys = [];
        foreach (JsonElement choice in choices.EnumerateArray())
        {
            if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty("text", out JsonElement text) || TaskRecord.TextOf(text) is not { } words) return ([], []);
            texts.Add(words);
            if (choice.TryGetProperty("label", out JsonElement label) && TaskRecord.TextOf(label) is { } key) keys.Add(key);
        }
        return (texts, keys);
    }

    // Empty where one of them is no text.
    private static List<string> Texts(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return [];
        string?[] texts = [.. list.EnumerateArray().Select(TaskRecord.TextOf)];
        return texts.Any(text => text is null) ? [] : [.. texts.OfType<string>()];
    }

    private static string Others(string[] names) => $"or {string.Join(", ", names[1..].Select(name => $"'{name}'"))}";
}
