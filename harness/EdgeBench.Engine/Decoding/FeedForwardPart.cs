using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>The second half of a decoder block: x += norm?(down(activation(gate, up of norm(x)))).</summary>
internal sealed class FeedForwardPart
{
    private readonly ModelArchitecture _architecture;
    private readonly int _layer, _threads;
    private readonly float[] _norm;
    private readonly float[]? _postNorm;
    private readonly Projection _input, _output;

    public FeedForwardPart(BlockTensors tensors, ModelArchitecture architecture, int layer, int threads)
    {
        (_architecture, _layer, _threads) = (architecture, layer, threads);
        int width = architecture.Width, ffn = architecture.Ffn;
        _norm = tensors.Vector("ffn_norm.weight", width);
        _postNorm = architecture.PostNorms ? tensors.Vector("post_ffw_norm.weight", width) : null;
        _input = architecture.FusedProjections
            ? new(tensors.Matrix("ffn_up", 2 * ffn, width, LinearSite.FeedForwardInput))
            : new(tensors.Matrix("ffn_gate", ffn, width, LinearSite.FeedForwardInput), tensors.Matrix("ffn_up", ffn, width, LinearSite.FeedForwardInput));
        _output = new(tensors.Matrix("ffn_down", width, ffn, LinearSite.FeedForwardOutput));
    }

    public IEnumerable<BlockMatrix> Matrices => _input.Matrices.Concat(_output.Matrices);

    public void Forward(Span<float> hidden, int rows, ActivationTap? tap)
    {
        int ffn = _architecture.Ffn;
        using Scratch pairs = new(rows, 2 * ffn), active = new(rows, ffn), back = new(rows, _architecture.Width);
        RowWork.RmsNorm(hidden, _norm, _architecture.NormEpsilon, back.Span, _threads);
        tap?.Invoke(_layer, LinearSite.FeedForwardInput, back.Span, _architecture.Width);
        _input.Apply(back.Span, pairs.Span, rows, _threads);
        Activate(pairs.Array, active.Array, rows);
        tap?.Invoke(_layer, LinearSite.FeedForwardOutput, active.Span, ffn);
        _output.Apply(active.Span, back.Span, rows, _threads);
        if (_postNorm is not null) RowWork.RmsNorm(back.Span, _postNorm, _architecture.NormEpsilon, back.Span, _threads);
        RowWork.Add(back.Span, hidden);
    }

    private void Activate(float[] pairs, float[] active, int rows)
    {
        int ffn = _architecture.Ffn;
        bool swish = _architecture.FeedForward == FeedForwardKind.SwiGlu;
        Team.RunRanges(_threads, rows, 8, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> gate = pairs.AsSpan(row * 2 * ffn, ffn), up = pairs.AsSpan(((row * 2) + 1) * ffn, ffn);
                Span<float> into = active.AsSpan(row * ffn, ffn);
                if (swish) Activations.SwiGlu(gate, up, into);
                else Activations.GeGlu(gate, up, into);
            }
        });
    }
}
