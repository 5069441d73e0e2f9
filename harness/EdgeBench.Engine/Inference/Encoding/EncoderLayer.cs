using EdgeBench.Engine.Inference.Loading;

namespace EdgeBench.Engine.Inference.Encoding;

/// <summary>One layer's weights.</summary>
internal sealed record EncoderLayer(
    Linear Query, Linear Key, Linear Value, Linear Output, Linear Up, Linear Down,
    float[] AttentionGain, float[] AttentionBias, float[] OutputGain, float[] OutputBias) : IDisposable
{
    public Linear[] Linears => [Query, Key, Value, Output, Up, Down];

    public void Dispose()
    {
        foreach (Linear linear in Linears) linear.Dispose();
    }
}
