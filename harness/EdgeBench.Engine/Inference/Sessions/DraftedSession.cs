using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Engine.Inference.Loading;

namespace EdgeBench.Engine.Inference.Sessions;

/// <summary>A packed session with a smaller model beside it that drafts. Takes over everything that it is given.</summary>
/// <param name="length">Tokens that are drafted at a time.</param>
public sealed class DraftedSession(PackedSession target, PackedDecoder draftModel, DecoderRun draft, int length) : IDraftingSession
{
    private readonly SpeculativeDecoder _decoder = new(target.Run, draft, length);

    public SessionFacts Facts => target.Facts;

    public DraftCounts Counts => _decoder.Counts;

    public ReadOnlySpan<float> Logits => target.Logits;

    public int[] Tokenize(string text, bool special) => target.Tokenize(text, special);

    public string Detokenize(ReadOnlySpan<int> tokens) => target.Detokenize(tokens);

    public void Reset() => target.Reset();

    public bool Rewind(int length) => target.Rewind(length);

    public void Prefill(ReadOnlySpan<int> tokens) => target.Prefill(tokens);

    public void Decode(int token) => target.Decode(token);

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row) => target.Evaluate(tokens, firstRow, row);

    public int Speculate(int token, Span<int> next) => _decoder.Next(token, next);

    public void Dispose()
    {
        target.Dispose();
        draft.Dispose();
        draftModel.Dispose();
    }
}
