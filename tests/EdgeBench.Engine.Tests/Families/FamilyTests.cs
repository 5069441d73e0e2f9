using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Sessions;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Families;

/// <summary>Every architecture against llama.cpp on the same file of random float32 weights.</summary>
public class FamilyTests
{
    private const int Context = 256;

    public static TheoryData<string> Names => [.. Family.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_are_llama_cpps(string name)
    {
        using TemporaryFolder folder = new();
        string path = FamilyFile.Write(folder.Path, Family.All[name]);
        int[] tokens = [.. Enumerable.Range(0, 128).Select(i => 3 + (i * 37 % 280))];
        float[] expected = LlamaCpp.Logits(path, tokens, Context);

        using GgufFile file = GgufFile.Open(path);
        using EngineSession session = new(new GgufWeights(file), new(2, Context, tokens.Length), (_, _) => [], bos: null);
        float[] actual = LlamaCpp.Of(session, tokens);
        // Large enough to tell: softcapping is on the way of Gemma 2's.
        Assert.InRange(expected.Max(Math.Abs), 1, 100);
        Near.Absolute(expected, actual, 1e-3);
    }
}
