namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>A word of the training texts as symbols, with how often it occurs.</summary>
internal sealed class TrainingWord(int[] symbols, long occurrences)
{
    private int _length = symbols.Length;

    /// <summary>Counts every pair of neighbours, overlapping ones too.</summary>
    public void Count(PairCounts counts, int self)
    {
        for (int i = 1; i < _length; i++) counts.Add(symbols[i - 1], symbols[i], occurrences, self);
    }

    /// <summary>Puts <paramref name="merged"/> for each <paramref name="left"/> with <paramref name="right"/> behind it, from the left, and counts what that changes.</summary>
    public void Merge(int left, int right, int merged, PairCounts counts, int self)
    {
        int write = 0;
        for (int read = 0; read < _length; read++, write++)
        {
            bool pair = symbols[read] == left && read + 1 < _length && symbols[read + 1] == right;
            if (!pair)
            {
                symbols[write] = symbols[read];
                continue;
            }
            if (write > 0)
            {
                Lose(symbols[write - 1], left);
                counts.Add(symbols[write - 1], merged, occurrences, self);
            }
            if (read + 2 < _length)
            {
                Lose(right, symbols[read + 2]);
                counts.Add(merged, symbols[read + 2], occurrences, self);
            }
            symbols[write] = merged;
            read++;
        }
        _length = write;

        // The pair itself left the table when it was taken.
        void Lose(int first, int second)
        {
            if (first != left || second != right) counts.Add(first, second, -occurrences, self);
        }
    }
}
