using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// softmax(scale · Q Kᵀ) V for every sequence and head; q and output [rows, heads · head_dim], k and v [rows, kv_heads · head_dim].
/// Where these have more rows, each sequence's first ones are a prefix that all of its queries see.
/// </summary>
public sealed unsafe class AttentionOperation : IOperation
{
    private readonly Tensor _q, _k, _v, _y, _logarithms;
    private readonly AttentionHeads _heads;
    private readonly int _sequences, _length, _prefix;
    private readonly UnwantedGradient _dq, _dk, _dv;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;

    public AttentionOperation(string name, Tensor q, Tensor k, Tensor v, AttentionHeads heads, int sequences)
    {
        (_q, _k, _v, _heads, _sequences, _length, _prefix) = (q, k, v, heads, sequences, q.Rows / sequences, (k.Rows - q.Rows) / sequences);
        _y = Graph.New(name, q.Rows, q.Columns);
        _logarithms = Graph.New($"{name}.logarithms", heads.Heads, q.Rows);
        Inputs = [q, k, v];
        Outputs = [_y, _logarithms];
        Kept = [q, k, v, _logarithms];
        (_dq, _dk, _dv) = (new(q), new(k), new(v));
        Workspace = [.. _dq.Memory, .. _dk.Memory, .. _dv.Memory];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "attention";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept { get; }

    public IReadOnlyList<Tensor> Workspace { get; }

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(_sequences * _heads.KvHeads, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        _dq.Start();
        _dk.Start();
        _dv.Start();
        context.Workers.Run(_sequences * _heads.KvHeads, _backward);
    }

    private void Forward(int item, int thread) => _context.Kernels.Attend(Block(item), Scratch(thread));

    private void Backward(int item, int thread) => _context.Kernels.AttendBackward(Block(item), Scratch(thread));

    private float* Scratch(int thread) => _context.Scratch(thread, _context.Kernels.AttentionScratch(_prefix + _length, _heads.HeadDim));

    private AttentionBlock Block(int item)
    {
        int sequence = item / _heads.KvHeads, head = item % _heads.KvHeads, queries = _heads.Heads / _heads.KvHeads;
        nint row = (nint)sequence * _length, q = (row * _q.Columns) + (head * queries * _heads.HeadDim), kv = ((nint)sequence * (_prefix + _length) * _k.Columns) + (head * _heads.HeadDim);
        int seen = _prefix + (_heads.Causal ? _length : _context.Batch.Lengths?[sequence] ?? _length);
        return new(_length, seen, queries, _heads.HeadDim, _heads.Causal, _heads.Scale)
        {
            Prefix = _prefix,
            Q = (nint)(_q.Value + q),
            QStride = _q.Columns,
            K = (nint)(_k.Value + kv),
            V = (nint)(_v.Value + kv),
            KvStride = _k.Columns,
            Output = (nint)(_y.Value + q),
            Logarithms = (nint)(_logarithms.Value + ((nint)head * queries * _q.Rows) + row),
            LogarithmStride = _q.Rows,
            OutputGradient = (nint)(_y.Gradient + q),
            QGradient = (nint)(_dq.Address + q),
            KGradient = (nint)(_dk.Address + kv),
            VGradient = (nint)(_dv.Address + kv),
        };
    }
}
