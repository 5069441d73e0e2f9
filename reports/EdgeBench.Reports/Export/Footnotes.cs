namespace EdgeBench.Reports.Export;

/// <summary>Numbers distinct reasons in the order of their first use.</summary>
internal sealed class Footnotes
{
    private readonly List<string> _all = [];
    private readonly Dictionary<string, int> _number = [];

    public IReadOnlyList<string> All => _all;

    /// <summary><c> (1, 3)</c>, or nothing for no reason.</summary>
    public string Marks(IEnumerable<string> reasons)
    {
        int[] numbers = [.. reasons.Select(Number)];
        return numbers.Length == 0 ? "" : $" ({string.Join(", ", numbers)})";
    }

    private int Number(string reason)
    {
        if (_number.TryGetValue(reason, out int number)) return number;
        _all.Add(reason);
        return _number[reason] = _all.Count;
    }
}
