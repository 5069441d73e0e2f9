using EdgeBench.Core.Backends;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests.Tasks;

/// <summary>A model of letters: a token is an ASCII character, and how likely the next one is depends on the last alone.</summary>
internal static class Letters
{
    public const int Vocabulary = 128, End = 3;

    /// <param name="weights">exp(logit) of the next letter after a letter; 1 for every other.</param>
    public static FakeSession Session(IReadOnlyDictionary<(char, char), double> weights, int context = 4096, bool rewinds = true, List<int>? seen = null, int? bos = null) =>
        new(Vocabulary, context, bos, (token, logits) =>
        {
            logits.Clear();
            foreach (((char last, char next), double weight) in weights)
            {
                if (last == token) logits[next] = (float)Math.Log(weight);
            }
        })
        {
            Rewinds = rewinds,
            Seen = seen,
            Tokenizer = text => [.. text.Select(letter => (int)letter)],
            Facts = new SessionFacts
            {
                Vocabulary = Vocabulary,
                Context = context,
                TrainedContext = context,
                KvBytes = 0,
                Bos = bos,
                EndsOfText = [End],
                LoadSeconds = 0,
                Details = new Dictionary<string, string>(),
            },
        };

    /// <summary>log p of a text's letters after a letter, by the definition.</summary>
    public static double LogLikelihood(IReadOnlyDictionary<(char, char), double> weights, char before, string text)
    {
        double sum = 0;
        foreach (char letter in text)
        {
            double total = Vocabulary + weights.Where(pair => pair.Key.Item1 == before).Sum(pair => pair.Value - 1);
            // Logits are float32.
            sum += Math.Log(weights.GetValueOrDefault((before, letter), 1) / total);
            before = letter;
        }
        return sum;
    }
}
