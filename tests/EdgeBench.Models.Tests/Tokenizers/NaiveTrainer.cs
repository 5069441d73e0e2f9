namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>Byte-pair training as its definition says: count every pair of neighbours anew before each merge. Of equals, the smallest ids.</summary>
internal static class NaiveTrainer
{
    /// <param name="words">Words and how often each occurs; letters are symbols.</param>
    /// <param name="alphabet">Letters by id.</param>
    public static List<(string, string)> Merges(IReadOnlyList<(string Word, long Count)> words, IReadOnlyList<string> alphabet, int most, long least)
    {
        List<string> tokens = [.. alphabet];
        List<int>[] split = [.. words.Select(word => word.Word.Select(letter => tokens.IndexOf(letter.ToString())).ToList())];
        List<(string, string)> merges = [];
        while (merges.Count < most)
        {
            Dictionary<(int Left, int Right), long> counts = [];
            for (int word = 0; word < split.Length; word++)
            {
                for (int i = 1; i < split[word].Count; i++)
                    counts[(split[word][i - 1], split[word][i])] = counts.GetValueOrDefault((split[word][i - 1], split[word][i])) + words[word].Count;
            }
            if (counts.Count == 0) break;
            KeyValuePair<(int Left, int Right), long> best = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First();
            if (best.Value < least) break;
            (int left, int right) = best.Key;
            merges.Add((tokens[left], tokens[right]));
            tokens.Add(tokens[left] + tokens[right]);
            foreach (List<int> word in split)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right) continue;
                    word[i] = tokens.Count - 1;
                    word.RemoveAt(i + 1);
                }
            }
        }
        return merges;
    }
}
