using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>
/// A model with the keys and values of one or more sequences. What a soft prompt or a prefix puts before each text is computed once, at construction, and stays; lengths, positions and
/// tokens below are those of texts. After construction nothing is allocated by a token. Results do not depend on the number of
/// threads. Not thread-safe. Throws <see cref="TrialException"/> where a context would overflow (before anything is computed), for tokens that the model does
/// not have, and for numbers that are not finite, with the layer where they first appear.
/// </summary>
public sealed unsafe class DecoderRun : IDisposable
{
    private readonly PackedDecoder _model;
    private readonly RunOptions _options;
    private readonly Crew _crew, _batchCrew;
    private readonly KvSequence[] _sequences;
    private readonly Workspace _space;
    private readonly Batch _batch;
    private readonly NonFiniteWatch _watch = new();
    private readonly DecodePass _decode;
    private readonly BatchPass _prefill;
    private readonly HeadPass _head;
    private readonly AdapterParts _adapters;
    private readonly int[] _asked;
    private int _logitRows;

    /// <param name="crew">Members that compute a single token; not taken over.</param>
    /// <param name="batchCrew">Members that compute several; null takes the same.</param>
    /// <param name="adapters">Added to the model's matrices as they run; the weights stay. Throws <see cref="Core.Problems.EdgeBenchException"/> where one does not belong to the model.</param>
    public DecoderRun(PackedDecoder model, RunOptions options, Crew crew, Crew? batchCrew = null, IReadOnlyList<RunAdapter>? adapters = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(crew);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Context, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Ubatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sequences, 1);
        // A kernel set that names a width keeps the others to it: an override shall show what a processor without wider vectors does.
        Kernels = TransformerKernels.For(model.Kernels.Name);
        _adapters = new(model, adapters ?? [], Kernels);
        options = options with { Ubatch = Math.Max(options.Sequences, Math.Min(options.Ubatch, options.Context)), VirtualTokens = _adapters.VirtualTokens };
        (_model, _options, _crew, _batchCrew) = (model, options, crew, batchCrew ?? crew);
        KvLayout layout = LayoutOf(model.Architecture, options);
        _sequences = [.. Enumerable.Range(0, options.Sequences).Select(_ => new KvSequence(model.Architecture, layout, options.Positions))];
        _space = new(model, options, layout, Kernels, Math.Max(_crew.Count, _batchCrew.Count), _adapters.Lora?.Stride ?? 0, _adapters.Inner);
        _batch = new(options.Ubatch, Workspace.QueriesOfItem(model.Architecture.Heads / model.Architecture.KvHeads));
        (_decode, _prefill, _head) = (new(model, _space, _batch, _watch, _adapters), new(model, _space, _batch, _watch, _adapters), new(model, _space, _batch, _watch));
        _asked = new int[_space.LogitRows];
        try
        {
            if (Virtual > 0) Prepend();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelArchitecture Architecture => _model.Architecture;

    public RunOptions Options => _options;

    /// <summary>The vector kernels in use; matrix products have a kernel set of their own.</summary>
    public TransformerKernels Kernels { get; }

    /// <summary>Takes times by phase where it is set.</summary>
    public PhaseTimes? Times
    {
        get => _decode.Times;
        set => _decode.Times = _prefill.Times = _head.Times = value;
    }

    /// <summary>Bytes of keys and values of all sequences.</summary>
    public long KvBytes => _options.Sequences * KvSequence.BytesOf(Architecture, LayoutOf(Architecture, _options), _options.Positions);

    /// <summary>What a run will allocate, keys, values and adapters included.</summary>
    public static long BytesOf(ModelArchitecture architecture, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (options.Sequences * KvSequence.BytesOf(architecture, LayoutOf(architecture, options), options.Positions)) + Workspace.BytesOf(architecture, options) + options.AdapterBytes;
    }

    /// <summary>Positions of a sequence that are filled.</summary>
    public int Length(int sequence = 0) => LengthOf(_sequences[sequence]);

    /// <summary>Tokens of the filled positions; until the next call.</summary>
    public ReadOnlySpan<int> Tokens(int sequence = 0) => _sequences[sequence].Tokens.AsSpan(Virtual, Length(sequence));

    /// <summary>Forgets positions from <paramref name="length"/> on.</summary>
    public void Truncate(int length, int sequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length(sequence));
        _sequences[sequence].Length = Virtual + length;
        _logitRows = 0;
    }

    /// <summary>A copy of a sequence's keys and values.</summary>
    public SavedPrefix Save(int sequence = 0)
    {
        KvSequence from = _sequences[sequence];
        return new(from.Save(), from.Tokens[Virtual..from.Length], PrefixOwner);
    }

    /// <summary>Makes the first <paramref name="length"/> positions of a copy the content of a sequence. Throws <see cref="ArgumentException"/> for a copy of another model.</summary>
    public void Restore(SavedPrefix prefix, int length, int sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Owner != PrefixOwner || prefix.Tokens.Length > _options.Context || prefix.Bytes != Math.Max(64, KvSequence.BytesOf(Architecture, LayoutOf(Architecture, _options), Virtual + prefix.Tokens.Length)))
            throw new ArgumentException("The prefix is of another model, of other adapters, of another cache format, or longer than the context.", nameof(prefix));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, prefix.Tokens.Length);
        _sequences[sequence].Restore(prefix.Memory, Virtual + prefix.Tokens.Length, prefix.Tokens[..length], Virtual);
        _logitRows = 0;
    }

    /// <summary>Logits, vocabulary long: of the last token, or of each sequence of a step. Valid until the next call.</summary>
    public ReadOnlySpan<float> Logits(int row = 0) => (uint)row < (uint)_logitRows ? new(_space.Logits + ((nint)row * Architecture.Vocabulary), Architecture.Vocabulary)
        : throw new InvalidOperationException("No logits: nothing was evaluated since the context was emptied.");

    /// <summary>Appends tokens to a sequence; afterwards <see cref="Logits"/> are the last one's.</summary>
    public void Append(ReadOnlySpan<int> tokens, int sequence = 0)
    {
        Admit(_sequences[sequence], tokens);
        for (int done = 0; done < tokens.Length;)
        {
            int count = Math.Min(_options.Ubatch, tokens.Length - done);
            bool isLast = done + count == tokens.Length;
            Forward(_sequences[sequence], tokens.Slice(done, count), wantsLogits: isLast);
            done += count;
        }
    }

    /// <summary>Appends tokens and hands over the logits of those from <paramref name="firstRow"/> on, in order.</summary>
    public void Append(ReadOnlySpan<int> tokens, int firstRow, LogitRow row, int sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(row);
        Admit(_sequences[sequence], tokens);
        for (int done = 0; done < tokens.Length;)
        {
            int count = Math.Min(_options.Ubatch, tokens.Length - done), wanted = Math.Clamp(firstRow - done, 0, count);
            Forward(_sequences[sequence], tokens.Slice(done, count), wantsLogits: count == 1 && wanted == 0);
            if (count == 1 && wanted == 0) row(done, Logits());
            for (int first = wanted; first < count && count > 1; first += _asked.Length)
            {
                int rows = Math.Min(_asked.Length, count - first);
                for (int i = 0; i < rows; i++) _asked[i] = first + i;
                Ask(rows);
                for (int i = 0; i < rows; i++) row(done + first + i, Logits(i));
                // Afterwards the last token's logits are the first row, as after the other calls.
                if (rows > 1) Logits(rows - 1).CopyTo(new Span<float>(_space.Logits, Architecture.Vocabulary));
                _logitRows = 1;
            }
            done += count;
        }
    }

    /// <summary>Appends one token to each of several sequences at once; afterwards row i of <see cref="Logits"/> is that of <paramref name="sequences"/>[i].</summary>
    public void Step(ReadOnlySpan<int> sequences, ReadOnlySpan<int> tokens)
    {
        if (sequences.Length != tokens.Length || tokens.Length > _options.Sequences) throw new ArgumentException($"{tokens.Length} tokens for {sequences.Length} of {_options.Sequences} sequences.", nameof(tokens));
        for (int i = 0; i < tokens.Length; i++)
        {
            if (sequences[..i].Contains(sequences[i])) throw new ArgumentException($"Sequence {sequences[i]} is named twice.", nameof(sequences));
            Admit(_sequences[sequences[i]], tokens.Slice(i, 1));
        }
        _batch.Clear();
        for (int i = 0; i < tokens.Length; i++)
        {
            _batch.Add(_sequences[sequences[i]], tokens.Slice(i, 1));
            _asked[i] = i;
        }
        Compute(wantsLogits: false);
        for (int i = 0; i < tokens.Length; i++) Filled(_sequences[sequences[i]], tokens.Slice(i, 1));
        Ask(tokens.Length);
    }

    public void Dispose()
    {
        foreach (KvSequence sequence in _sequences) sequence.Dispose();
        _space.Dispose();
        _adapters.Dispose();
    }

    // Adapters change keys and values: with them a prefix stays with its run.
    private object PrefixOwner => _adapters.IsEmpty ? _model : this;

    private int Virtual => _options.VirtualTokens;

    private int LengthOf(KvSequence sequence) => sequence.Length - Virtual;

    // What stands before each text: in the first sequence, and copied to the others.
    private void Prepend()
    {
        KvSequence first = _sequences[0];
        _adapters.Prefix?.Fill(first, Architecture, Kernels);
        int[] rows = [.. Enumerable.Range(0, _adapters.Prompt?.Tokens ?? 0).Select(row => ~row)];
        for (int done = 0; done < rows.Length; done += _options.Ubatch) Forward(first, rows.AsSpan(done, Math.Min(_options.Ubatch, rows.Length - done)), wantsLogits: false);
        using NativeBlock saved = first.Save();
        foreach (KvSequence other in _sequences.Skip(1)) other.Restore(saved, Virtual, [], Virtual);
    }

    private static KvLayout LayoutOf(ModelArchitecture architecture, RunOptions options) =>
        architecture.HeadDim % KvLayout.Group == 0 || (options.Keys != KvFormat.Q8_0 && options.Values != KvFormat.Q8_0)
            ? new(architecture.HeadDim, options.Keys, options.Values)
            : throw new TrialException(FailureKind.Unsupported, $"Heads of {architecture.HeadDim} elements do not divide into blocks of {KvLayout.Group} for a q8_0 cache", "Set 'kv_type: f16'.");

    private void Forward(KvSequence sequence, ReadOnlySpan<int> tokens, bool wantsLogits)
    {
        _batch.Clear();
        _batch.Add(sequence, tokens);
        Compute(wantsLogits);
        Filled(sequence, tokens);
        if (!wantsLogits || tokens.Length == 1) return;
        _asked[0] = tokens.Length - 1;
        Ask(1);
    }

    private static void Filled(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(sequence.Tokens.AsSpan(sequence.Length));
        sequence.Length += tokens.Length;
    }

    private void Compute(bool wantsLogits)
    {
        _logitRows = 0;
        _watch.Clear();
        if (_batch.Rows == 1 && wantsLogits)
        {
            _crew.Run(_decode);
            _logitRows = 1;
        }
        else
        {
            _batchCrew.Run(_prefill);
        }
        _watch.Check(Architecture.Layers);
    }

    private void Ask(int rows)
    {
        _head.Ask(_asked.AsSpan(0, rows));
        _batchCrew.Run(_head);
        _watch.Check(Architecture.Layers);
        _logitRows = rows;
    }

    private void Admit(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        if (tokens.Length > _options.Context - LengthOf(sequence))
            throw new TrialException(FailureKind.Unsupported, $"{LengthOf(sequence)} + {tokens.Length} tokens do not fit a context of {_options.Context}", "Give a larger 'context'.");
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Architecture.Vocabulary) throw new TrialException(FailureKind.Unsupported, $"Token {token} is outside of the vocabulary of {Architecture.Vocabulary}");
        }
    }
}
