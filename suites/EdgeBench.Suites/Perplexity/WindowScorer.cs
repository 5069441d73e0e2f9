using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Suites.Perplexity;

/// <summary>
/// Scores windows with the artifact and, where given, the reference: both see a window in the same pieces of at most
/// <see cref="RowsAtOnce"/> scored positions, and only the reference's logits of one piece are kept.
/// </summary>
internal sealed class WindowScorer
{
    /// <summary>Positions whose logits are in memory at once: half of llama.cpp's usual window of 512, so such a window is one evaluation.</summary>
    public const int RowsAtOnce = 256;

    private readonly IBackendSession _artifact;
    private readonly IBackendSession? _reference;
    private readonly bool _ownReference;
    private readonly ISampleSink _samples;
    private readonly WindowPlan _plan;
    private readonly int[] _tokens;
    private readonly int[] _window;
    private readonly int _vocabulary;
    private readonly float[] _referenceRows;
    private readonly TokenScore _score = new();
    private readonly LogitRow _keep, _rate;

    // Of the piece in work: its window, its first token's place in the window, its first scored position.
    private int _index, _start, _first;

    /// <param name="reference">Null where there is none, or where the artifact is its own.</param>
    /// <param name="ownReference">The artifact is its own reference: differences are zero by definition and not computed.</param>
    public WindowScorer(IBackendSession artifact, IBackendSession? reference, bool ownReference, ISampleSink samples, WindowPlan plan, int[] tokens)
    {
        (_artifact, _reference, _ownReference, _samples, _plan, _tokens) = (artifact, reference, ownReference, samples, plan, tokens);
        _window = new int[plan.Length];
        _vocabulary = artifact.Facts.Vocabulary;
        _referenceRows = reference is null ? [] : new float[(long)Math.Min(RowsAtOnce, plan.Length - plan.First) * _vocabulary];
        _keep = Keep;
        _rate = Rate;
    }

    public void Score(int window)
    {
        _index = window;
        _tokens.AsSpan(window * _plan.Length, _plan.Length).CopyTo(_window);
        if (_artifact.Facts.Bos is { } bos) _window[0] = bos;
        _artifact.Reset();
        _reference?.Reset();
        int end;
        for (_start = 0, _first = _plan.First; _start < _plan.Length; _start = end, _first = end)
        {
            end = Math.Min(_first + RowsAtOnce, _plan.Length);
            ReadOnlySpan<int> piece = _window.AsSpan(_start, end - _start);
            _reference?.Evaluate(piece, _first - _start, _keep);
            _artifact.Evaluate(piece, _first - _start, _rate);
        }
    }

    private void Keep(int index, ReadOnlySpan<float> logits) => logits.CopyTo(ReferenceRow(index));

    private void Rate(int index, ReadOnlySpan<float> logits)
    {
        int position = _start + index;
        // The last position predicts the first token of the next window, which the rule leaves out.
        if (position == _plan.Length - 1) return;
        int next = _window[position + 1];
        double partition = _score.LogPartition(logits), loss = partition - logits[next], at = _samples.Now;
        Add(MetricRegistry.TokenNll, loss);
        if (_ownReference)
        {
            Add(MetricRegistry.TokenNllDelta, 0);
            Add(MetricRegistry.TokenKl, 0);
            Add(MetricRegistry.TokenTop1, 1);
        }
        else if (_reference is not null)
        {
            ReadOnlySpan<float> reference = ReferenceRow(index);
            double referencePartition = _score.LogPartition(reference);
            Add(MetricRegistry.TokenNllDelta, loss - (referencePartition - reference[next]));
            Add(MetricRegistry.TokenKl, _score.Divergence(reference, referencePartition, logits, partition));
            Add(MetricRegistry.TokenTop1, TokenScore.Best(reference) == TokenScore.Best(logits) ? 1 : 0);
        }

        void Add(Metric metric, double value)
        {
            if (!double.IsFinite(value))
                throw new TrialException(FailureKind.Unsupported, $"Window {_index}, position {position}: {metric.Label} is {value}, so some logits are not finite");
            _samples.Add(metric, _index, value, at);
        }
    }

    private Span<float> ReferenceRow(int index) => _referenceRows.AsSpan((_start + index - _first) * _vocabulary, _vocabulary);
}
