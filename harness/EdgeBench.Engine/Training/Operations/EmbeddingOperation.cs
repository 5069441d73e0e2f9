using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Sum of rows of tables [entries, width]: a token's, its position's, its type's.</summary>
public sealed unsafe class EmbeddingOperation : IOperation
{
    // Each piece adds the rows of its share of a table's entries, in order.
    private const int Shares = 16;

    private readonly (EmbeddingIndex Index, Tensor Table)[] _tables;
    private readonly Tensor _output;
    private readonly Action<int, int> _forward, _clear, _backward;
    private StepContext _context = null!;
    private int _current;

    /// <param name="rows">Tokens of a batch.</param>
    public EmbeddingOperation(string name, int rows, params (EmbeddingIndex Index, Tensor Table)[] tables)
    {
        _tables = tables;
        _output = Graph.New(name, rows, tables[0].Table.Columns);
        Inputs = [.. tables.Select(table => table.Table)];
        Outputs = [_output];
        (_forward, _clear, _backward) = (Forward, Clear, Backward);
    }

    public string Name => "embedding";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_output.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        for (_current = 0; _current < _tables.Length; _current++)
        {
            Tensor table = _tables[_current].Table;
            if (!table.NeedsGradient) continue;
            if (!table.StartsGradient()) context.Workers.Run(new RowPieces(table.Rows).Count, _clear);
            context.Workers.Run(Shares, _backward);
        }
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_output.Rows);
        float* more = _context.Scratch(thread, _output.Columns);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            float* target = _output.Value + ((nint)row * _output.Columns);
            for (int i = 0; i < _tables.Length; i++)
            {
                CopyRow(_tables[i].Table, Entry(_tables[i].Index, row), i == 0 ? target : more);
                if (i > 0) _context.Kernels.Add(more, target, _output.Columns);
            }
        }
    }

    private void Clear(int piece, int thread)
    {
        Tensor table = _tables[_current].Table;
        RowPieces pieces = new(table.Rows);
        int first = pieces.First(piece);
        new Span<float>(table.Gradient + ((nint)first * table.Columns), (pieces.End(piece) - first) * table.Columns).Clear();
    }

    private void Backward(int share, int thread)
    {
        (EmbeddingIndex index, Tensor table) = _tables[_current];
        for (int row = 0; row < _output.Rows; row++)
        {
            int entry = Entry(index, row);
            if (entry % Shares == share) _context.Kernels.Add(_output.Gradient + ((nint)row * _output.Columns), table.Gradient + ((nint)entry * table.Columns), table.Columns);
        }
    }

    private static void CopyRow(Tensor table, int row, float* target)
    {
        if (table is Parameter parameter) parameter.CopyRow(row, target);
        else new ReadOnlySpan<float>(table.Value + ((nint)row * table.Columns), table.Columns).CopyTo(new Span<float>(target, table.Columns));
    }

    private int Entry(EmbeddingIndex index, int row) => index switch
    {
        EmbeddingIndex.Token => _context.Batch.Tokens[row],
        EmbeddingIndex.Position => row % _context.Batch.Length,
        _ => _context.Batch.Types?[row] ?? 0,
    };
}
