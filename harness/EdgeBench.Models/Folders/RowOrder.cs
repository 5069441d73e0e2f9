namespace EdgeBench.Models.Folders;

/// <summary>
/// Orders of the rows of q and k. A head of d rows is (first half, second half) in a Hugging Face folder and pairs in GGUF:
/// GGUF's row 2i + j is the folder's row j·d/2 + i.
/// </summary>
internal static class RowOrder
{
    /// <summary>The folder's row for each of GGUF's.</summary>
    public static Func<long, long> Paired(long rows, int heads)
    {
        long head = rows / heads;
        return row => (row / head * head) + (row % head % 2 * (head / 2)) + (row % head / 2);
    }

    /// <summary>GGUF's row for each of the folder's.</summary>
    public static Func<long, long> Unpaired(long rows, int heads)
    {
        long head = rows / heads;
        return row => (row / head * head) + (row % head % (head / 2) * 2) + (row % head / (head / 2));
    }
}
