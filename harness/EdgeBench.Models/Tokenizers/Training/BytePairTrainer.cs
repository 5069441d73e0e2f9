using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Tokenizers.HuggingFace;

namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>
/// Learns the merges of byte-level BPE: over and over, the pair of neighbours within words that is most frequent becomes a token. Sennrich et al. 2016,
/// https://arxiv.org/abs/1508.07909, section 3.2. Order and ties are those of Hugging Face's <c>BpeTrainer</c> (tokenizers 0.23): special tokens, then the 256 bytes by
/// their letters' code points, then merges; of equally frequent pairs that of the smallest left id, then right id. So equal texts give equal bytes, in whatever order they come.
/// </summary>
public static class BytePairTrainer
{
    /// <summary>
    /// Trains on texts, each on its own: no word crosses the end of one. Throws <see cref="EdgeBenchException"/> (bad input) for a vocabulary that cannot be, texts
    /// without a pair that is frequent enough, and text that is no well-formed UTF-16.
    /// </summary>
    public static TrainedTokenizer Train(IEnumerable<string> texts, BytePairTraining training)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(training);
        training.Check();
        Dictionary<string, long> words = Words(texts, training);
        List<string> tokens = [.. training.SpecialTokens, .. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString()).Order(StringComparer.Ordinal)];
        List<(string, string)> merges = Merges(words, tokens, training);
        if (merges.Count == 0)
            throw EdgeBenchException.BadInput(words.Count == 0 ? "texts without a letter" : $"{words.Count} different words without a pair of bytes that occurs {training.MinFrequency} times", "texts to learn merges from");
        return new TrainedTokenizer(training, [.. tokens], merges);
    }

    /// <summary>The same on UTF-8 files, line by line as Hugging Face's trainer reads them. Bytes that are no UTF-8 are refused with their offset.</summary>
    public static TrainedTokenizer TrainOnFiles(IEnumerable<string> paths, BytePairTraining training) => Train(paths.SelectMany(TrainingLines.Of), training);

    // Words in GPT-2's letters for bytes, with how often they occur.
    private static Dictionary<string, long> Words(IEnumerable<string> texts, BytePairTraining training)
    {
        PieceStep split = PreTokenizerReader.Read(JsonPart.Parse(FolderJson.Bytes(PreTokenizerJson.Of(training.Kind)), "the pre-tokenizer"));
        AddedTokenSplitter special = new(training.SpecialTokens.Select((text, id) => new HuggingFace.AddedToken(id, text, Special: true, SingleWord: false, LeftStrip: false, RightStrip: false, Normalized: false)));
        Dictionary<string, long> words = new(StringComparer.Ordinal);
        long number = 0;
        foreach (string text in texts)
        {
            number++;
            RequireWellFormed(text, number);
            if (text.Length == 0) continue;
            foreach (Section section in special.Split(new Section(-1, text, First: true), parseSpecial: true).Where(section => section.Token < 0 && section.Text.Length > 0))
            {
                foreach (string word in split([section.Text], section.First)) words[word] = words.GetValueOrDefault(word) + 1;
            }
        }
        return words;
    }

    private static List<(string, string)> Merges(Dictionary<string, long> words, List<string> tokens, BytePairTraining training)
    {
        Dictionary<char, int> letters = Enumerable.Range(training.SpecialTokens.Count, 256).ToDictionary(id => tokens[id][0]);
        TrainingWord[] split = [.. words.Select(word => new TrainingWord([.. word.Key.Select(letter => letters[letter])], word.Value))];
        PairCounts counts = new();
        for (int i = 0; i < split.Length; i++) split[i].Count(counts, i);
        List<(string, string)> merges = [];
        while (tokens.Count < training.Vocabulary && counts.TryTake(training.MinFrequency, out int left, out int right, out IReadOnlyList<int> where))
        {
            merges.Add((tokens[left], tokens[right]));
            tokens.Add(tokens[left] + tokens[right]);
            foreach (int word in where) split[word].Merge(left, right, tokens.Count - 1, counts, word);
        }
        return merges;
    }

    private static void RequireWellFormed(string text, long number)
    {
        if (text is null) throw EdgeBenchException.BadInput($"text {number} is null", "texts");
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw EdgeBenchException.BadInput($"text {number} has half a surrogate pair at {i}: {FileErrors.Quoted(text[Math.Max(0, i - 10)..i])}", "well-formed text", "Read the file as UTF-8, strictly.");
            i++;
        }
    }
}
