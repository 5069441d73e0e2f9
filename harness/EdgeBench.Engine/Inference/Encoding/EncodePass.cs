using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Encoding;

/// <summary>Rows of several sequences through all layers; members take pieces of each phase as they come.</summary>
internal sealed unsafe class EncodePass : ICrewWork, IDisposable
{
    private const int RowsOfPiece = 8, PiecesOfMember = 8;

    private readonly ModelArchitecture _architecture;
    private readonly EncoderLayer[] _layers;
    private readonly TransformerKernels _kernels;
    private readonly NativeBlock _hidden, _qkv, _attended, _wide;
    private readonly NativeBlock[] _scratch;
    private readonly PackedRows _input, _attendedRows, _wideRows;
    private readonly KvSequence _store;
    private readonly List<(int FirstRow, int Length, int FirstBlock)> _sequences = [];
    private readonly List<(int Sequence, int First, int Count)> _items = [];
    private int _rows;

    public EncodePass(ModelArchitecture architecture, EncoderLayer[] layers, TransformerKernels kernels, int members, int rows)
    {
        (_architecture, _layers, _kernels, MostRows) = (architecture, layers, kernels, rows);
        int width = architecture.Width;
        (_hidden, _qkv, _attended, _wide) = (NativeBlock.OfFloats((long)rows * width), NativeBlock.OfFloats(3L * rows * width), NativeBlock.OfFloats((long)rows * width), NativeBlock.OfFloats((long)rows * architecture.Ffn));
        PackedMatrix[] Of(Func<EncoderLayer, Linear[]> choose) => [.. layers.SelectMany(choose).Select(linear => linear.Weights)];
        _input = PackedRows.For(rows, Of(layer => [layer.Query, layer.Key, layer.Value, layer.Up]));
        _attendedRows = PackedRows.For(rows, Of(layer => [layer.Output]));
        _wideRows = PackedRows.For(rows, Of(layer => [layer.Down]));
        // One layer's keys and values at a time; every sequence starts at a block of its own, so that there may be as many blocks more as rows.
        KvLayout layout = new(architecture.HeadDim, KvFormat.F32, KvFormat.F32);
        _store = new(architecture with { Layers = 1 }, layout, (rows / KvLayout.Positions * KvLayout.Positions) + (MostSequences * KvLayout.Positions));
        int scratch = kernels.AttendScratch(layout, 1, Workspace.QueriesOfItem(1));
        _scratch = [.. Enumerable.Range(0, members).Select(_ => NativeBlock.OfFloats(scratch))];
    }

    /// <summary>Most sequences of a pass.</summary>
    public const int MostSequences = 64;

    public int MostRows { get; }

    public float* Hidden => _hidden.Floats;

    /// <summary>Names the sequences whose embeddings stand in <see cref="Hidden"/>.</summary>
    public void Begin(ReadOnlySpan<int> lengths)
    {
        _sequences.Clear();
        _items.Clear();
        _rows = 0;
        int block = 0, most = Workspace.QueriesOfItem(1);
        foreach (int length in lengths)
        {
            for (int first = 0; first < length; first += most) _items.Add((_sequences.Count, first, Math.Min(most, length - first)));
            _sequences.Add((_rows, length, block));
            _rows += length;
            block += (length + KvLayout.Positions - 1) / KvLayout.Positions;
        }
    }

    public void Run(Crew crew, int member)
    {
        int width = _architecture.Width, ffn = _architecture.Ffn, heads = _architecture.Heads;
        foreach (EncoderLayer layer in _layers)
        {
            Rows(crew, (first, end) => _input.Set(Hidden, width, first, end));
            Product(crew, layer.Query, _input, _qkv.Floats, 3 * width);
            Product(crew, layer.Key, _input, _qkv.Floats + width, 3 * width);
            Product(crew, layer.Value, _input, _qkv.Floats + (2 * width), 3 * width);
            for (int i; (i = crew.Next()) < _sequences.Count * heads;) Store(_sequences[i / heads], i % heads);
            crew.Barrier();
            for (int i; (i = crew.Next()) < _items.Count * heads;) Attend(_items[i / heads], i % heads, _scratch[member].Floats);
            crew.Barrier();
            Rows(crew, (first, end) => _attendedRows.Set(_attended.Floats, width, first, end));
            Product(crew, layer.Output, _attendedRows, Hidden, width, accumulate: true);
            Rows(crew, (first, end) =>
            {
                Norm(first, end, layer.AttentionGain, layer.AttentionBias);
                _input.Set(Hidden, width, first, end);
            });
            Product(crew, layer.Up, _input, _wide.Floats, ffn);
            Rows(crew, (first, end) =>
            {
                Activations.Gelu(new(_wide.Floats + ((nint)first * ffn), (end - first) * ffn));
                _wideRows.Set(_wide.Floats, ffn, first, end);
            });
            Product(crew, layer.Down, _wideRows, Hidden, width, accumulate: true);
            Rows(crew, (first, end) => Norm(first, end, layer.OutputGain, layer.OutputBias));
        }
    }

    public void Dispose()
    {
        foreach (EncoderLayer layer in _layers) layer.Dispose();
        foreach (IDisposable owned in new IDisposable[] { _hidden, _qkv, _attended, _wide, _input, _attendedRows, _wideRows, _store }.Concat(_scratch)) owned.Dispose();
    }

    private void Rows(Crew crew, Action<int, int> work)
    {
        for (int first; (first = crew.Next() * RowsOfPiece) < _rows;) work(first, Math.Min(first + RowsOfPiece, _rows));
        crew.Barrier();
    }

    private void Product(Crew crew, Linear linear, PackedRows x, float* y, nint stride, bool accumulate = false)
    {
        int piece = Math.Max(1, linear.Groups / (crew.Count * PiecesOfMember));
        for (int first; (first = crew.Next() * piece) < linear.Groups;) linear.Multiply(x, _rows, y, stride, first, Math.Min(first + piece, linear.Groups), accumulate);
        crew.Barrier();
    }

    private void Norm(int first, int end, float[] gain, float[] bias)
    {
        Span<float> rows = new(Hidden + ((nint)first * _architecture.Width), (end - first) * _architecture.Width);
        Norms.Layer(rows, gain, bias, _architecture.NormEpsilon, rows);
    }

    private AttentionHead Head((int FirstRow, int Length, int FirstBlock) sequence, int head) => _store.Head(0, head).From(sequence.FirstBlock) with { Length = sequence.Length };

    private void Store((int FirstRow, int Length, int FirstBlock) sequence, int head)
    {
        int width = _architecture.Width, offset = head * _architecture.HeadDim;
        AttentionHead target = Head(sequence, head);
        for (int i = 0; i < sequence.Length; i++)
        {
            float* keys = _qkv.Floats + ((nint)(sequence.FirstRow + i) * 3 * width) + width + offset;
            _kernels.Store(target, i, keys, keys + width);
        }
    }

    private void Attend((int Sequence, int First, int Count) item, int head, float* scratch)
    {
        int width = _architecture.Width, offset = head * _architecture.HeadDim;
        (int FirstRow, int Length, int FirstBlock) sequence = _sequences[item.Sequence];
        nint row = sequence.FirstRow + item.First;
        _kernels.Attend(Head(sequence, head), _qkv.Floats + (row * 3 * width) + offset, 3 * width, item.Count, item.First, _attended.Floats + (row * width) + offset, width, scratch);
    }
}
