using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>Runs of numbers in groups of three from the right (1234567 is 1, 234, 567); the rest stays whole.</summary>
internal sealed class DigitGroupSplitter : ISplitter
{
    public void Split(ReadOnlySpan<char> units, Piece piece, List<Piece> pieces)
    {
        int start = piece.Start;
        for (int i = piece.Start; i < piece.End;)
        {
            int run = i;
            while (run < piece.End && CodePoints.IsNumber(CodePoints.Category(units[run]))) run++;
            if (run == i)
            {
                i++;
                continue;
            }
            // What precedes a run of a multiple of three stays with its first group: llama.cpp's splitter does so.
            int first = (run - i) % 3;
            for (int end = i + (first == 0 ? 3 : first); end <= run; end += 3)
            {
                pieces.Add(new Piece(start, end - start));
                start = end;
            }
            i = run;
        }
        if (start < piece.End) pieces.Add(new Piece(start, piece.End - start));
    }
}
