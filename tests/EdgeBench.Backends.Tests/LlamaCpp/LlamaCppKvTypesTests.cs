using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public class LlamaCppKvTypesTests
{
    [Fact]
    public void What_a_file_asks_of_the_cache_is_taken_where_the_options_say_nothing()
    {
        using TemporaryFolder folder = new();
        // A head of 8 elements in this model leaves nothing but float types.
        using IBackendSession session = LlamaCppFixture.Backend.Open(Asking(folder, "bf16", "f32"), LlamaCppFixture.Options(), new(1, 64, 1));
        Assert.Equal("bf16", session.Facts.Details["kv_type"]);
        Assert.Equal("f32", session.Facts.Details["kv_type_v"]);
        Assert.Equal("the file asks for bf16 keys and f32 values", session.Facts.Details["kv_type_source"]);
        Assert.Empty(session.Facts.NotApplied);
    }

    [Fact]
    public void Options_win_over_the_file_and_the_contradiction_is_told()
    {
        using TemporaryFolder folder = new();
        using IBackendSession session = LlamaCppFixture.Backend.Open(Asking(folder, "bf16", "f32"), LlamaCppFixture.Options(new() { KvType = KvType.F16 }), new(1, 64, 1));
        Assert.Equal("f16", session.Facts.Details["kv_type"]);
        Assert.Equal("f16", session.Facts.Details["kv_type_v"]);
        Assert.Equal("options; the file asks for bf16 keys and f32 values", session.Facts.Details["kv_type_source"]);
    }

    [Fact]
    public void Without_either_the_cache_is_f16()
    {
        Assert.Equal(new(KvType.F16, KvType.F16, "default"), LlamaCppKvTypes.Choose(new(), null, null));
        Assert.Equal(new(KvType.Q8_0, KvType.Q8_0, "options"), LlamaCppKvTypes.Choose(new() { KvType = KvType.Q8_0 }, null, null));
        Assert.Equal(new(KvType.Q8_0, KvType.Q4_0, "options"), LlamaCppKvTypes.Choose(new() { KvTypeV = KvType.Q4_0 }, "q8_0", "q4_0"));
    }

    [Fact]
    public void A_type_that_llama_cpp_has_not_is_named()
    {
        TrialException problem = Assert.Throws<TrialException>(() => LlamaCppKvTypes.Choose(new(), "q3_k", null));
        Assert.Equal(FailureKind.Unsupported, problem.Failure.Kind);
        Assert.Contains("'q3_k'", problem.Failure.Message, StringComparison.Ordinal);
    }

    private static ArtifactFile Asking(TemporaryFolder folder, string keys, string values)
    {
        using GgufFile stories = GgufFile.Open(LlamaCppFixture.Stories().Path);
        string path = folder.File("asking.gguf");
        GgufWriter.Write(path, [.. stories.Metadata, new(LlamaCppKvTypes.KeysKey, GgufValue.From(keys)), new(LlamaCppKvTypes.ValuesKey, GgufValue.From(values))],
            [.. stories.Tensors.Select(t => new GgufTensorSource(t.Name, t.Type, t.Dimensions, output => output.Write(stories.Data(t))))]);
        return LlamaCppFixture.File(path);
    }
}
