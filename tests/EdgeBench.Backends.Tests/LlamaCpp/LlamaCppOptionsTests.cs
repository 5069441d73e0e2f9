using System.Text.Json;
using EdgeBench.Backends.LlamaCpp;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public class LlamaCppOptionsTests
{
    [Theory]
    [InlineData("f32", KvType.F32)]
    [InlineData("f16", KvType.F16)]
    [InlineData("bf16", KvType.Bf16)]
    [InlineData("q8_0", KvType.Q8_0)]
    [InlineData("q5_1", KvType.Q5_1)]
    [InlineData("q4_0", KvType.Q4_0)]
    public void Cache_types_are_spelled_as_llama_cpp_spells_them(string name, KvType type)
    {
        using JsonDocument json = JsonDocument.Parse($$"""{"kv_type":"{{name}}","flash_attention":"on","threads_batch":3}""");
        LlamaCppOptions options = LlamaCppOptions.Of(json.RootElement);
        Assert.Equal(type, options.KvType);
        Assert.Equal(FlashAttention.On, options.FlashAttention);
        Assert.Equal(3, options.ThreadsBatch);
        Assert.Contains($"\"kv_type\":\"{name}\"", LlamaCppFixture.Options(options).GetRawText());
    }

    [Fact]
    public void The_defaults_are_those_of_llama_bench() =>
        Assert.Equal(new LlamaCppOptions { Batch = 2048, Ubatch = 512, KvType = null, FlashAttention = FlashAttention.Auto, Mmap = true }, LlamaCppOptions.Of(default));
}
