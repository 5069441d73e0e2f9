namespace EdgeBench.Engine.Inference.Threads;

/// <summary>
/// A phase's work in equal shares, one a member, in pieces that others may take from a share's end once they have done their own: a processor that is
/// slower for some microseconds keeps nobody waiting, and who is undisturbed works from the start of its share to the end in order. Who owns a share takes most
/// of what is left of it, so that it reads memory in few runs; others take half. Method: guided self-scheduling (Polychronopoulos and Kuck 1987, https://doi.org/10.1109/TC.1987.5009495) within shares.
/// </summary>
internal sealed class CrewShares
{
    // Of a share; its owner takes 12, 3 and 1 of them if nobody else does.
    private const int Pieces = 16;

    // Each: the first piece left in the upper, the end in the lower half of the word.
    private readonly CrewCounter[] _left;

    public CrewShares(int members)
    {
        _left = [.. Enumerable.Range(0, members).Select(_ => new CrewCounter())];
        Reset();
    }

    /// <summary>All of the work is to be done. While nobody takes.</summary>
    public void Reset()
    {
        foreach (CrewCounter left in _left) left.Value = Pieces;
    }

    /// <summary>The next part of <paramref name="total"/> equal items for a member; false when all are taken. All members name the same total.</summary>
    public bool TryTake(int member, int total, out int first, out int end)
    {
        for (int i = 0; i < _left.Length; i++)
        {
            int share = (member + i) % _left.Length;
            while (TryTake(_left[share], fromEnd: i > 0, out int firstPiece, out int endPiece))
            {
                (first, end) = (At(share, firstPiece, total), At(share, endPiece, total));
                // Of fewer items than pieces some have none.
                if (first < end) return true;
            }
        }
        (first, end) = (0, 0);
        return false;
    }

    private int At(int member, int piece, int total) => (int)((long)total * ((member * Pieces) + piece) / (_left.Length * Pieces));

    private static bool TryTake(CrewCounter share, bool fromEnd, out int first, out int end)
    {
        while (true)
        {
            int before = share.Value;
            (first, end) = (before >> 16, before & 0xFFFF);
            int left = end - first, count = fromEnd ? (left + 1) / 2 : ((left * 3) + 3) / 4;
            if (count == 0) return false;
            int after = fromEnd ? (first << 16) | (end - count) : ((first + count) << 16) | end;
            if (!share.TryChange(before, after)) continue;
            (first, end) = fromEnd ? (end - count, end) : (first, first + count);
            return true;
        }
    }
}
