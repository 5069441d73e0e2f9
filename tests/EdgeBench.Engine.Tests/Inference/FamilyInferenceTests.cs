using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Sessions;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Every architecture by the packed engine against the float32 decoder, which is held to llama.cpp by <see cref="FamilyTests"/>.</summary>
public class FamilyInferenceTests
{
    private const int Context = 256;

    public static TheoryData<string> Names => [.. Family.All.Keys];

    // Float weights and a float32 cache: what differs is the order of sums. 1e-3 is what FamilyTests allows two orders of float32 sums on these files.
    [Theory]
    [MemberData(nameof(Names))]
    public void Batches_and_single_tokens_give_the_decoders_logits(string name)
    {
        using TemporaryFolder folder = new();
        string path = FamilyFile.Write(folder.Path, Family.All[name]);
        int[] tokens = [.. Enumerable.Range(0, 200).Select(i => 3 + (i * 37 % 280))];
        float[] expected = Expected(path, tokens);
        using (TestRun run = new(path, context: Context, kv: KvFormat.F32)) Near.Absolute(expected, run.Batched(tokens), 1e-3);
        using (TestRun run = new(path, context: Context, kv: KvFormat.F32)) Near.Absolute(expected, run.Decoded(tokens), 1e-3);
        using (TestRun run = new(path, context: Context, ubatch: 48, kv: KvFormat.F32)) Near.Absolute(expected, run.Batched(tokens), 1e-3);
    }

    private static float[] Expected(string path, int[] tokens)
    {
        using GgufFile file = GgufFile.Open(path);
        using EngineSession session = new(new GgufWeights(file), new(2, Context, tokens.Length), (_, _) => [], bos: null);
        return LlamaCpp.Of(session, tokens);
    }
}
