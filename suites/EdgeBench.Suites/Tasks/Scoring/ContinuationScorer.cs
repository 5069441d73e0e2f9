using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Perplexity;

namespace EdgeBench.Suites.Tasks.Scoring;

/// <summary>
/// Log-likelihoods of continuations after one context: the sum of their tokens' log-probabilities, in double precision (lm-evaluation-harness,
/// <c>loglikelihood</c>). The context is computed once and its last logits score every continuation's first token; only the rest of each is computed after it.
/// Where a runtime cannot go back, the context is computed again. What does not fit loses its beginning, as there.
/// </summary>
/// <param name="room">Tokens that the context may hold.</param>
internal sealed class ContinuationScorer(IBackendSession session, int room)
{
    /// <summary>Positions whose logits are in memory at once.</summary>
    public const int RowsAtOnce = 64;

    private readonly TokenScore _score = new();

    /// <summary>Writes the log-likelihood of each continuation. Throws <see cref="TrialException"/>.</summary>
    public void Score(ScoredItem item, Span<double> logLikelihoods)
    {
        int[][] shared = [.. item.Continuations.Where(tokens => item.Context.Length + tokens.Length - 1 <= room)];
        double[] first = new double[item.Continuations.Length];
        bool ready = false;
        if (shared.Length > 0)
        {
            session.Reset();
            session.Evaluate(item.Context, item.Context.Length - 1, (_, logits) =>
            {
                double partition = _score.LogPartition(logits);
                for (int i = 0; i < first.Length; i++) first[i] = logits[item.Continuations[i][0]] - partition;
            });
            ready = true;
        }
        for (int i = 0; i < item.Continuations.Length; i++)
        {
            int[] tokens = item.Continuations[i];
            if (item.Context.Length + tokens.Length - 1 > room)
            {
                logLikelihoods[i] = Alone(item.Context, tokens);
                ready = false;
            }
            else if (tokens.Length == 1) logLikelihoods[i] = first[i];
            else
            {
                if (!ready) Return(item.Context);
                logLikelihoods[i] = first[i] + Rest(tokens);
                ready = false;
            }
            if (!double.IsFinite(logLikelihoods[i]))
                throw new TrialException(FailureKind.Unsupported, $"Item {item.Index}, continuation {i}: its log-likelihood is {logLikelihoods[i]}, so some logits are not finite");
        }
    }

    // The context holds nothing but the item's own after it.
    private void Return(int[] context)
    {
        if (session.Rewind(context.Length)) return;
        session.Reset();
        session.Prefill(context);
    }

    // Of all tokens but the first, which the context predicts.
    private double Rest(int[] tokens) => Sum(tokens.AsSpan(0, tokens.Length - 1), tokens.AsSpan(1), firstRow: 0);

    private double Alone(int[] context, int[] tokens)
    {
        int[] all = [.. context, .. tokens], kept = all[(all.Length - 1 - room)..];
        session.Reset();
        return Sum(kept.AsSpan(0, room), tokens, firstRow: room - tokens.Length);
    }

    private double Sum(ReadOnlySpan<int> read, ReadOnlySpan<int> predicted, int firstRow)
    {
        int[] next = predicted.ToArray();
        double sum = 0;
        session.Evaluate(read, firstRow, (index, logits) => sum += logits[next[index - firstRow]] - _score.LogPartition(logits));
        return sum;
    }
}
