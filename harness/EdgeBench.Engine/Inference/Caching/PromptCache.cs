using EdgeBench.Engine.Inference.Forward;

namespace EdgeBench.Engine.Inference.Caching;

/// <summary>
/// Prefixes of prompts with their keys and values: a prompt starts from the longest one that it shares, and only its rest is computed. Holds at most a number
/// of bytes; what was used longest ago goes first. For one run.
/// </summary>
public sealed class PromptCache(DecoderRun run, long mostBytes) : IDisposable
{
    private readonly LinkedList<SavedPrefix> _saved = [];

    /// <summary>Bytes that are held.</summary>
    public long Bytes => _saved.Sum(prefix => prefix.Bytes);

    public int Count => _saved.Count;

    /// <summary>
    /// Makes a prompt, of at least one token, the content of a sequence, with the last one's logits, and remembers it. Returns how many of its tokens were not
    /// computed again.
    /// </summary>
    public int Prefill(ReadOnlySpan<int> prompt, int sequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Length);
        SavedPrefix? best = null;
        int shared = 0;
        foreach (SavedPrefix prefix in _saved)
        {
            if (prefix.SharedWith(prompt) is var length && length > shared) (best, shared) = (prefix, length);
        }
        // The last token is always computed: its logits are asked for.
        shared = Math.Min(shared, prompt.Length - 1);
        run.Truncate(0, sequence);
        if (best is not null)
        {
            run.Restore(best, shared, sequence);
            _saved.Remove(best);
            _saved.AddFirst(best);
        }
        run.Append(prompt[shared..], sequence);
        if (best is null || best.Tokens.Length < prompt.Length || shared < prompt.Length - 1) Remember(run.Save(sequence));
        return shared;
    }

    public void Dispose()
    {
        foreach (SavedPrefix prefix in _saved) prefix.Dispose();
        _saved.Clear();
    }

    private void Remember(SavedPrefix prefix)
    {
        _saved.AddFirst(prefix);
        while (Bytes > mostBytes && _saved.Last is { } oldest)
        {
            _saved.RemoveLast();
            oldest.Value.Dispose();
        }
    }
}
