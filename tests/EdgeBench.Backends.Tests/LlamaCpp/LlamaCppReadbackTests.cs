using EdgeBench.Backends.LlamaCpp;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public class LlamaCppReadbackTests
{
    // Lines in the formats of src/llama-context.cpp, llama-kv-cache.cpp, llama-memory-recurrent.cpp and llama-model.cpp at v0.5.0.
    private const string Cache = "llama_kv_cache: size =    4.50 MiB (   512 cells,  30 layers,  1/1 seqs), K (f16):    2.25 MiB, V (q8_0):    2.25 MiB";

    [Fact]
    public void Cache_and_buffers_are_read()
    {
        LlamaCppReadback readback = LlamaCppReadback.Parse([
            "load_tensors:   CPU_Mapped model buffer size =    98.87 MiB", "load_tensors:   CPU_REPACK model buffer size =    61.25 MiB", Cache]);
        Assert.Equal(4.5, readback.KvMebibytes);
        Assert.Equal(("f16", "q8_0"), (readback.TypeK, readback.TypeV));
        Assert.True(readback.Mapped);
        Assert.Equal(["CPU_Mapped 98.87 MiB", "CPU_REPACK 61.25 MiB"], readback.WeightBuffers);
    }

    [Fact]
    public void A_log_without_a_known_line_gives_no_size_instead_of_zero()
    {
        LlamaCppReadback readback = LlamaCppReadback.Parse(["llama_kv_cache: allocated 4.50 MiB in another wording"]);
        Assert.Null(LlamaCppKvSize.Of(null!, null!, readback, 512, 1, 1).KvBytes);
    }

    [Fact]
    public void Several_caches_add_up_and_a_recurrent_state_counts()
    {
        LlamaCppReadback readback = LlamaCppReadback.Parse([
            Cache, "llama_memory_recurrent: size =    1.25 MiB (     1 cells,  30 layers,  1 seqs  0 rs_seq), R (f32):    0.25 MiB, S (f32):    1.00 MiB, P (f32):    0.00 MiB"]);
        Assert.Equal(5.75, readback.KvMebibytes);
        Assert.Equal(2, readback.KvCaches);
    }

    [Theory]
    [InlineData("disabled", null, false)]
    [InlineData("enabled", null, true)]
    [InlineData("auto", "Flash Attention enabled", true)]
    [InlineData("auto", "Flash Attention not supported, set to disabled", false)]
    [InlineData("auto", null, null)]
    public void Flash_attention_is_what_the_library_decided(string asked, string? resolved, bool? inEffect) =>
        Assert.Equal(inEffect, LlamaCppReadback.Parse([$"llama_context: flash_attn            = {asked}", $"resolve_fused_ops: {resolved}"]).FlashAttention);

    [Theory]
    [InlineData(4718592, 4.50, 1, 4718592)]
    [InlineData(4718000, 4.50, 1, 4718000)]
    [InlineData(4818592, 4.50, 1, 4718592)]
    [InlineData(4718592, 4.50, 2, 4718592)]
    [InlineData(0, 4.50, 1, 4718592)]
    public void The_computed_size_counts_only_where_the_log_agrees(long computed, double logged, int caches, long bytes)
    {
        LlamaCppKvSize.Size size = LlamaCppKvSize.Choose(computed, logged, caches);
        Assert.Equal(bytes, size.KvBytes);
        Assert.Equal(caches == 1 && bytes == computed, size.Source.StartsWith("computed", StringComparison.Ordinal));
    }
}
