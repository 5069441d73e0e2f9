using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public class LlamaCppSessionTests
{
    [Fact]
    public void A_session_says_what_it_is()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        Assert.Equal(512, session.Facts.Vocabulary);
        Assert.Equal(256, session.Facts.Context);
        // stories260k: 5 layers, 4 key/value heads of 8: 256 cells * 5 * 2 * 32 values of two bytes.
        Assert.Equal(256 * 5 * 2 * 32 * 2, session.Facts.KvBytes);
        Assert.Equal("computed from dimensions, agrees with the library's log", session.Facts.Details["kv_bytes_source"]);
        Assert.StartsWith(LlamaCppLibrary.UnderstoodLlama, session.Facts.Details["llamacpp_version"]);
        Assert.StartsWith("libggml-cpu", session.Facts.Details["cpu_variant"]);
        Assert.Matches("^[0-9a-f]{64}$", session.Facts.Details["library_sha256"]);
        Assert.Equal(1, session.Facts.Bos);
        Assert.Empty(session.Facts.NotApplied);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n", session.Facts.Details.Select(p => $"{p.Key}={p.Value}")));
    }
}
