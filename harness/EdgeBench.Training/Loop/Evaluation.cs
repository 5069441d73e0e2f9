using System.Numerics.Tensors;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Training.Data;

namespace EdgeBench.Training.Loop;

/// <summary>
/// Scores examples with the model as it stands. An answer counts as right where each of its tokens is the likeliest after the right ones before it, which is when greedy
/// decoding writes it: no text needs to be generated.
/// </summary>
public sealed unsafe class Evaluation
{
    private readonly List<(Batch Batch, Example[] Examples)> _batches = [];
    private readonly float[] _row;

    /// <param name="tokens">Tokens of a batch, padding included.</param>
    /// <param name="vocabulary">Logits of a token.</param>
    public Evaluation(IReadOnlyList<Example> examples, int tokens, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(examples);
        _row = new float[vocabulary];
        foreach (IGrouping<int, Example> same in examples.GroupBy(example => BatchMaker.Rounded(example.Length)).OrderBy(group => group.Key))
        {
            int most = Math.Max(1, tokens / same.Key);
            foreach (Example[] part in same.Chunk(most)) _batches.Add((BatchMaker.Of(part, most, same.Key), part));
        }
    }

    /// <summary>By group, in ordinal order of names.</summary>
    public IReadOnlyList<GroupScore> Score(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Dictionary<string, GroupScore> scores = [];
        foreach ((Batch batch, Example[] examples) in _batches)
        {
            double[] losses = new double[examples.Length];
            bool[] right = [.. examples.Select(_ => true)];
            trainer.Evaluate(batch, (first, rows, logits, stride) =>
            {
                for (int row = first; row < first + rows; row++)
                {
                    if (batch.Targets[row] == Batch.Ignored) continue;
                    ReadOnlySpan<float> of = new(logits + ((nint)(row - first) * stride), _row.Length);
                    losses[row / batch.Length] += Loss(of, batch.Targets[row]);
                    right[row / batch.Length] &= TensorPrimitives.IndexOfMax(of) == batch.Targets[row];
                }
            });
            for (int i = 0; i < examples.Length; i++)
            {
                Example example = examples[i];
                GroupScore sum = scores.GetValueOrDefault(example.Group) ?? new(example.Group, 0, 0, 0, 0);
                scores[example.Group] = sum with
                {
                    Loss = sum.Loss + losses[i],
                    Targets = sum.Targets + example.Tokens.Length - example.FirstTarget,
                    Items = sum.Items + (example.Answers ? 1 : 0),
                    Right = sum.Right + (example.Answers && right[i] ? 1 : 0),
                };
            }
        }
        return [.. scores.Values.Select(sum => sum with { Loss = sum.Loss / sum.Targets }).OrderBy(score => score.Group, StringComparer.Ordinal)];
    }

    // log Σ exp(logit) - logit of the target.
    private double Loss(ReadOnlySpan<float> logits, int target)
    {
        float most = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, most, _row);
        TensorPrimitives.Exp<float>(_row, _row);
        return Math.Log(TensorPrimitives.Sum<float>(_row)) + most - logits[target];
    }
}
