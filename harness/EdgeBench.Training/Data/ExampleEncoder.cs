using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Suites.Datasets;

namespace EdgeBench.Training.Data;

/// <summary>
/// Texts as sequences of tokens. Prompt and completion are encoded apart, as they are when a model is asked: first the prompt, with what the tokenizer starts a text with, then
/// what it writes. The end-of-text token follows, so that a model learns to stop.
/// </summary>
/// <param name="context">Tokens that a model reads at most.</param>
/// <param name="learnsPrompts">Whether prompts are predicted too.</param>
public sealed class ExampleEncoder(ITokenizer tokenizer, int context, bool learnsPrompts = false)
{
    /// <summary>Longer prompts lose their beginning, and are counted. Throws <see cref="EdgeBenchException"/> (bad input) where the completion alone does not fit.</summary>
    public ExampleSet Pairs(IEnumerable<DatasetItem> items, string group)
    {
        ArgumentNullException.ThrowIfNull(items);
        List<Example> all = [];
        int cut = 0;
        foreach (DatasetItem item in items)
        {
            int[] prompt = tokenizer.Encode(item.Text, addSpecial: false, parseSpecial: false), completion = Ended(tokenizer.Encode(item.Answer, addSpecial: false, parseSpecial: false));
            int start = tokenizer.Bos is null ? 0 : 1, room = context + 1 - start - completion.Length;
            if (room < 1)
            {
                throw EdgeBenchException.BadInput($"line {item.Line}: a completion of {completion.Length} tokens", $"at most {context - start}, so that a token of the prompt fits into the context of {context}",
                    "Give a longer context, or leave the item out.", item.File);
            }
            if (prompt.Length > room)
            {
                prompt = prompt[^room..];
                cut++;
            }
            int[] head = [.. Started(), .. prompt];
            if (head.Length == 0) throw EdgeBenchException.BadInput($"line {item.Line}: a prompt without a token", "a text, where the tokenizer has no token that starts one", file: item.File);
            all.Add(new([.. head, .. completion], learnsPrompts ? 1 : head.Length, group, Answers: true));
        }
        return new(all, cut);
    }

    /// <summary>Whole texts, every token of which is predicted; longer ones than the context are cut into pieces of its length.</summary>
    public ExampleSet Texts(IEnumerable<string> texts, string group)
    {
        ArgumentNullException.ThrowIfNull(texts);
        List<Example> all = [];
        foreach (string text in texts)
        {
            int[] tokens = [.. Started(), .. Ended(tokenizer.Encode(text, addSpecial: false, parseSpecial: false))];
            // The last token of a piece is the first that the next one reads.
            for (int first = 0; first + 1 < tokens.Length; first += context) all.Add(new(tokens[first..Math.Min(tokens.Length, first + context + 1)], 1, group, Answers: false));
        }
        return new(all, 0);
    }

    private int[] Started() => tokenizer.Bos is { } bos ? [bos] : [];

    private int[] Ended(int[] tokens) => tokenizer.Eos is { } eos ? [.. tokens, eos] : tokens;
}
