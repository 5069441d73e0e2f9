using EdgeBench.Engine.Training;

namespace EdgeBench.Training.Data;

/// <summary>
/// Endless batches of examples of about equal length, so that little is padded. Examples are drawn in a shuffled order, each once an epoch, and wait with others of their
/// rounded length until a batch is full. A function of examples and seed: after <see cref="Skip"/> it stands where it was.
/// </summary>
public sealed class BatchStream
{
    private readonly IReadOnlyList<Example> _examples;
    private readonly int _tokens;
    private readonly Dictionary<int, List<Example>> _waiting = [];

    /// <param name="tokens">Tokens of a batch, padding included; a longer example has a batch of its own.</param>
    public BatchStream(IReadOnlyList<Example> examples, int tokens, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(examples);
        (_examples, _tokens, Order) = (examples, tokens, new DataOrder(examples.Count, seed));
    }

    public DataOrder Order { get; }

    public Batch Next()
    {
        List<Example> full = Fill();
        int length = BatchMaker.Rounded(full[0].Length);
        Batch batch = BatchMaker.Of(full, full.Count, length);
        full.Clear();
        return batch;
    }

    /// <summary>Goes past batches without making them.</summary>
    public void Skip(long batches)
    {
        for (long i = 0; i < batches; i++) Fill().Clear();
    }

    private List<Example> Fill()
    {
        while (true)
        {
            Example example = _examples[Order.Next()];
            int length = BatchMaker.Rounded(example.Length);
            if (!_waiting.TryGetValue(length, out List<Example>? same)) _waiting[length] = same = [];
            same.Add(example);
            if ((same.Count + 1) * length > _tokens) return same;
        }
    }
}
